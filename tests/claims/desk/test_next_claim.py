"""The claim to take next: the nearest promise that nobody has, on which one may work."""

from datetime import timedelta

from django.utils import timezone

from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.claims.desk.next_claim import next_claim
from mypolis.insurance.claims.models import Claim, WaitingDecision
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.models import StaffRelation
from tests.claims.desk.acts import takes
from tests.claims.desk.staff import AGUS, RINA
from tests.claims.verdicts import questioned
from tests.claims.world import bill, reread, sent


def promised(account: Account, *, days: int, content: bytes) -> Claim:
    """A sent claim whose decision is promised in some days."""
    claim = sent(account, bill(account, "10.00"), content=content)
    Claim.objects.filter(pk=claim.pk).update(promised_by=account.profile.today() + timedelta(days=days))
    return reread(claim)


def test_a_decision_of_ones_own_that_was_stopped_comes_first(budi: Account) -> None:
    stopped, _other = sent(budi, content=b"1"), sent(budi, content=b"2")
    takes(RINA, stopped)
    assert next_claim(profile_of("id"), RINA) != stopped, "while it is only in hand"
    now = timezone.now()
    row = WaitingDecision.objects.create(claim=stopped, staff=RINA.pk, version=1, due_at=now, is_stopped=True)
    assert next_claim(profile_of("id"), RINA) == stopped
    assert next_claim(profile_of("id"), AGUS) != stopped, "a colleague's"
    row.delete()
    assert next_claim(profile_of("id"), RINA) != stopped


def test_without_claims_there_is_none(budi: Account) -> None:
    assert next_claim(budi.profile, RINA) is None


def test_it_is_the_nearest_promise_that_nobody_has(budi: Account) -> None:
    far, near = promised(budi, days=9, content=b"far"), promised(budi, days=2, content=b"near")
    assert next_claim(budi.profile, RINA) == near
    takes(AGUS, near)
    assert next_claim(budi.profile, RINA) == far


def test_a_claim_that_waits_for_its_member_is_not_next(budi: Account) -> None:
    questioned(promised(budi, days=1, content=b"asked"))
    assert next_claim(budi.profile, RINA) is None


def test_ones_own_claim_is_never_next(budi: Account) -> None:
    claim = promised(budi, days=1, content=b"own")
    StaffRelation.objects.create(staff=RINA.pk, person=budi.person)
    assert next_claim(budi.profile, RINA) is None
    assert next_claim(budi.profile, AGUS) == claim
