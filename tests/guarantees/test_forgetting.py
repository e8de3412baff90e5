"""Guarantees are kept ten years after they ended; open ones, and what others rest on, stay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.files.models import StoredFile
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.guarantees.jobs import forget
from mypolis.insurance.guarantees.lifecycle.deciding import revoke
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.membership.accounts.models import Account
from tests.guarantees.world import DESK, asked, billed, given


def aged(one: Guarantee, days: int) -> Guarantee:
    """Let everything about a guarantee have happened some days ago."""
    at = timezone.now() - timedelta(days=days)
    Guarantee.objects.filter(pk=one.pk).update(asked_at=at)
    one.changes.update(at=at)
    return one


@pytest.mark.parametrize("days", [0, 3652])
def test_what_ended_lately_is_kept(budi: Account, days: int) -> None:
    aged(revoke(guarantee=given(budi), code="cancelled", by=DESK), days)
    forget.func(0)
    assert Guarantee.objects.count() == 1


def test_what_is_open_is_kept_however_old(budi: Account) -> None:
    aged(asked(budi), 5000)
    aged(given(budi), 5000)
    forget.func(0)
    assert Guarantee.objects.count() == 2


def test_an_old_request_that_ended_lately_is_kept(budi: Account) -> None:
    found = aged(revoke(guarantee=given(budi), code="cancelled", by=DESK), 5000)
    last = found.changes.latest("pk")
    found.changes.filter(pk=last.pk).update(at=timezone.now())
    forget.func(0)
    assert Guarantee.objects.count() == 1


def test_after_ten_years_a_guarantee_goes_with_its_letters_and_the_clinics_claim_stays(budi: Account) -> None:
    found = given(budi, "200")
    billed(budi, found, "100", is_last=True)
    aged(found, 3654)
    forget.func(0)
    forget.func(0)
    assert not Guarantee.objects.exists()
    assert not StoredFile.objects.filter(kind="letter").exists()
    assert Claim.objects.count() == 1
    assert [event.facts for event in Event.objects.filter(kind="guarantee.forgotten")] == [{"guarantees": 1}]
