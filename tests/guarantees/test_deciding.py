"""Deciding about guarantees: every promise is reserved, every end gives back, and members read why."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.notices.models import Message
from mypolis.insurance.coverage.models import Entry
from mypolis.insurance.guarantees.jobs import expire
from mypolis.insurance.guarantees.lifecycle.deciding import (
    NothingToPromise,
    ReasonMissing,
    extend,
    give,
    make_final,
    refuse,
    revoke,
)
from mypolis.insurance.guarantees.lifecycle.states import NotAllowed
from mypolis.membership.accounts.models import Account
from tests.claims.world import actor, bill, cover, sent, today
from tests.guarantees.world import DESK, asked, billed, given, reachable, reread, reserved_of


def test_members_and_clinics_decide_nothing(budi: Account) -> None:
    found = asked(budi)
    for by in (actor(budi), Actor("provider", "1"), Actor("stranger")):
        with pytest.raises(ValueError, match="decides no guarantees"):
            give(guarantee=found, by=by)
    assert reread(found).state == "asked"


def test_nothing_is_promised_where_the_plan_pays_nothing(budi: Account) -> None:
    found = asked(budi, "500", "birth")
    with pytest.raises(NothingToPromise) as nothing:
        give(guarantee=found, by=DESK)
    assert nothing.value.reasons == ("waiting_period",)
    assert (reread(found).state, reserved_of(budi)) == ("asked", 0)


def test_a_letter_promises_no_more_than_the_limits_allow(budi: Account) -> None:
    found = given(budi, "900")
    assert (found.promised, found.own_share, reserved_of(budi)) == (600, 300, 600)
    with pytest.raises(NothingToPromise):
        given(budi, "100")


def test_a_claim_cannot_spend_what_a_letter_promised(budi: Account) -> None:
    given(budi, "600")
    claim = sent(budi, bill(budi, "500", benefit="drugs"))
    assert not Entry.objects.filter(external_id__startswith="mp/", amount__gt=0).exists()
    assert claim.state == "received"
    assert reserved_of(budi) == 600


def test_a_clinic_outside_the_network_is_promised_what_the_plan_pays_there(budi: Account) -> None:
    provider = asked(budi).provider
    assert provider is not None
    provider.networks = []
    provider.save()
    found = given(budi, "100", "doctor", provider=provider)
    assert (found.promised, found.own_share) == (80, 20)


def test_a_stay_is_reserved_day_by_day(budi: Account) -> None:
    first = today(budi) + timedelta(days=7)
    found = given(budi, "600", "room", planned_from=first, planned_to=first + timedelta(days=3))
    assert found.promised == 300
    assert Entry.objects.filter(kind="reserve", external_id__startswith="mpg/", amount=100).count() == 3


def test_a_given_letter_is_valid_for_the_planned_days_and_a_month(budi: Account) -> None:
    found = given(budi)
    assert (found.valid_from, found.valid_until) == (today(budi), found.planned_to + timedelta(days=30))
    assert found.stands


def test_a_letter_is_given_once(budi: Account) -> None:
    found = given(budi)
    with pytest.raises(NotAllowed):
        give(guarantee=found, by=DESK)
    assert reserved_of(budi) == 600


def test_another_sum_than_was_asked_for_can_be_promised(budi: Account) -> None:
    found = give(guarantee=asked(budi, "600"), expected=Decimal(200), by=DESK)
    assert (found.expected, found.promised, reserved_of(budi)) == (200, 200, 200)


def test_a_refusal_says_why(budi: Account) -> None:
    found = asked(budi)
    with pytest.raises(ReasonMissing):
        refuse(guarantee=found, reason="  ", by=DESK)
    refused = refuse(guarantee=found, reason="Please ask your doctor for a referral.", by=DESK)
    assert (refused.state, reserved_of(budi)) == ("refused", 0)
    assert refused.changes.latest("pk").reason == "Please ask your doctor for a referral."
    with pytest.raises(NotAllowed):
        give(guarantee=found, by=DESK)


def test_an_extension_promises_more_and_lasts_longer(budi: Account) -> None:
    found = given(budi, "200")
    later = found.planned_to + timedelta(days=5)
    longer = extend(guarantee=found, expected=Decimal(350), planned_to=later, by=DESK)
    assert (longer.state, longer.promised, reserved_of(budi)) == ("extended", 350, 350)
    assert longer.valid_until == later + timedelta(days=30)
    again = extend(guarantee=longer, expected=Decimal(900), by=DESK)
    assert (again.promised, again.own_share, reserved_of(budi)) == (600, 300, 600)
    with pytest.raises(ValueError, match="does not end earlier"):
        extend(guarantee=again, expected=Decimal(900), planned_to=today(budi), by=DESK)


def test_the_final_letter_tells_the_own_share_before_discharge(budi: Account) -> None:
    final = make_final(guarantee=given(budi, "200"), expected=Decimal(700), by=DESK)
    assert (final.state, final.promised, final.own_share, reserved_of(budi)) == ("final", 600, 100, 600)
    with pytest.raises(NotAllowed):
        extend(guarantee=final, expected=Decimal(800), by=DESK)


def test_revoking_releases_at_once_and_says_why(budi: Account) -> None:
    found = given(budi)
    with pytest.raises(ReasonMissing):
        revoke(guarantee=found, reason="", by=DESK)
    assert reserved_of(budi) == 600
    revoked = revoke(guarantee=found, reason="The treatment was cancelled.", by=DESK)
    assert (revoked.state, revoked.stands, reserved_of(budi)) == ("revoked", False, 0)
    with pytest.raises(NotAllowed):
        revoke(guarantee=revoked, reason="Again.", by=DESK)


def test_the_member_is_told_of_a_decision_without_illness_clinic_or_sum(budi: Account) -> None:
    reachable(budi)
    found = given(budi)
    message = Message.objects.get(template="guarantee-news")
    assert message.to == "budi@example.test"
    assert message.context == {
        "number": found.number,
        "headline": "Given",
        "url": f"http://localhost:8000/id/guarantees/{found.pk}/",
    }


def test_every_change_leaves_a_row_and_an_event(budi: Account) -> None:
    found = revoke(guarantee=given(budi), reason="Cancelled.", by=DESK)
    rows = list(found.changes.values_list("before", "after"))
    assert rows == [("", "asked"), ("asked", "given"), ("given", "revoked")]
    events = Event.objects.filter(kind="guarantee.changed").order_by("pk")
    assert [event.facts for event in events] == [
        {"before": "asked", "after": "given"},
        {"before": "given", "after": "revoked"},
    ]


# Expiry


def test_a_letter_expires_after_its_last_day_and_gives_back(budi: Account) -> None:
    found = given(budi)
    with time_machine.travel(timezone.now() + timedelta(days=37)):
        expire(0)
        assert reread(found).state == "given"
        assert reread(found).stands
    with time_machine.travel(timezone.now() + timedelta(days=38)):
        assert not reread(found).stands  # also before the job ran
        expire(0)
        expire(0)
    assert (reread(found).state, reserved_of(budi)) == ("expired", 0)


def test_a_letter_that_was_billed_counts_as_used(budi: Account) -> None:
    found = given(budi)
    billed(budi, found, "100")
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        expire(0)
    assert (reread(found).state, reserved_of(budi)) == ("used", 100)


def test_a_request_that_nobody_answered_expires_with_its_treatment(budi: Account) -> None:
    found = asked(budi)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        expire(0)
    assert reread(found).state == "expired"
    assert cover(budi).guarantees.open().count() == 0
