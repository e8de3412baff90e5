"""The desk's pages lead on: what cannot be done now says why, or leads to what is missing."""

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.insurance.claims.models import Claim, ClaimInHand
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from tests.claims.desk.pages import Assessor, assessor
from tests.claims.world import bill, reread, sent


@pytest.fixture
def rina(budi: Account) -> Assessor:
    return assessor("Rina")


@pytest.fixture
def agus(budi: Account) -> Assessor:
    return assessor("Agus")


@pytest.fixture
def taken(budi: Account, rina: Assessor) -> Claim:
    """A claim that Rina has in hand."""
    claim = sent(budi)
    rina.takes(claim)
    return claim


def test_the_page_of_their_own_claim_says_why_it_is_closed_and_lets_it_go(
    budi: Account, taken: Claim, rina: Assessor
) -> None:
    enter_relation(staff=rina.colleague.account.pk, person=budi.person, by=SYSTEM)
    page = rina.text(taken)
    assert "This claim is your own or your family’s. Another assessor can do it." in page
    assert "Look without taking it" not in page
    assert rina.does(taken, "put-back").status_code == 302
    assert not ClaimInHand.objects.exists()
    assert "/take/" not in rina.page(taken).content.decode()


def test_deciding_too_early_leads_to_the_line_that_is_open(budi: Account, rina: Assessor) -> None:
    claim = sent(budi, bill(budi), bill(budi, "10.00", currency="EUR"))
    rina.takes(claim)
    place = claim.lines.get(currency="EUR").place
    answer = rina.page(claim, "decision")
    assert (answer.status_code, answer.headers["location"]) == (302, f"{rina.address(claim)}?line={place}#id_rate")


def test_deciding_on_figures_that_changed_leads_to_what_changed(taken: Claim, rina: Assessor) -> None:
    Claim.objects.filter(pk=taken.pk).update(version=99)
    answer = rina.page(taken, "decision")
    assert (answer.status_code, answer.headers["location"]) == (302, rina.address(taken))
    assert "Something changed since this assessment began" in rina.text(taken)


def test_nobody_is_offered_a_claim_that_their_role_cannot_take(taken: Claim, rina: Assessor, agus: Assessor) -> None:
    rina.types(taken, granted="150")
    rina.decides(taken)
    assert reread(taken).state == "second_review"
    page = agus.page(taken).content.decode()
    assert "A senior assessor takes it." in page
    assert "/take/" not in page
