"""Somebody asks for a guarantee: for whom they may, for treatment that the plan knows, and not without end."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from mypolis.foundation.events.models import Event
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.markets import market
from mypolis.foundation.markets.guarantee_rules import AutomaticGuarantee, GuaranteeRules
from mypolis.foundation.notices.models import Message
from mypolis.insurance.guarantees.access import UnknownGuarantee, find, guarantees_of
from mypolis.insurance.guarantees.lifecycle.asking import Refused, ask_as_member, ask_as_provider
from mypolis.insurance.guarantees.lifecycle.automatic import qualifies
from mypolis.insurance.guarantees.limits import GUARANTEES_ASKED
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import NotSeen
from tests.claims.world import actor, cover, today
from tests.guarantees.world import DESK, asked, melati, reachable, reserved_of, wish
from tests.providers.clinic import clinic


def test_nobody_asks_for_a_stranger(budi: Account, siti: Account) -> None:
    with pytest.raises(NotSeen):
        ask_as_member(account=siti, membership=str(cover(budi).pk), wish=wish(budi), by=actor(siti))
    assert not Guarantee.objects.exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"benefit": "massage"}, ("benefit", "not_in_plan")),
        ({"expected": Decimal(0)}, ("expected", "not_positive")),
        ({"expected": Decimal("1.001")}, ("expected", "invalid")),
        ({"expected": Decimal(10) ** 13}, ("expected", "invalid")),
        ({"provider": None}, ("provider_name", "required")),
        ({"provider": None, "provider_name": "Kli\u202enik"}, ("provider_name", "bidi")),
        ({"first": -1}, ("planned_from", "past")),
        ({"first": 400}, ("planned_from", "too_far")),
        ({"first": 5, "last": 4}, ("planned_to", "before")),
        ({"first": 5, "last": 185}, ("planned_to", "too_long")),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(
    budi: Account, changes: dict[str, Any], refusal: tuple[str, str]
) -> None:
    first, last = changes.pop("first", 7), changes.pop("last", None)
    days = {
        "planned_from": today(budi) + timedelta(days=first),
        "planned_to": today(budi) + timedelta(days=first if last is None else last),
    }
    with pytest.raises(Refused) as refused:
        ask_as_member(
            account=budi,
            membership=str(cover(budi).pk),
            wish=replace(wish(budi), **days, **changes),
            by=actor(budi),
        )
    assert (refused.value.field, refused.value.code) == refusal
    assert not Guarantee.objects.exists()


def test_a_provider_of_another_market_or_one_that_left_is_refused(budi: Account) -> None:
    elsewhere = clinic("KM-01", "Клиника", market="ru")
    gone = melati()
    gone.is_active = False
    gone.save()
    for provider in (elsewhere, gone):
        with pytest.raises(Refused):
            asked(budi, provider=provider)
    assert not Guarantee.objects.exists()


def test_requests_are_limited_per_member(budi: Account) -> None:
    for _time in range(GUARANTEES_ASKED.most):
        asked(budi)
    with pytest.raises(LimitReached):
        asked(budi)
    assert Guarantee.objects.count() == GUARANTEES_ASKED.most


def test_a_request_waits_for_a_person_and_reserves_nothing(budi: Account) -> None:
    found = asked(budi)
    assert (found.state, found.currency, found.promised, found.valid_until) == ("asked", "IDR", 0, None)
    assert found.number.startswith(f"G-{today(budi).year}-")
    assert found.stands is False
    assert reserved_of(budi) == 0
    event = Event.objects.get(kind="guarantee.asked")
    assert (event.actor_kind, event.subject) == ("member", f"guarantees.guarantee:{found.pk}")
    assert not Message.objects.filter(template__startswith="guarantee").exists()


def test_a_provider_can_be_typed(budi: Account) -> None:
    day = wish(budi)
    typed = replace(day, provider=None, provider_name="  RS <b>Harapan</b>  Kita ")
    found = ask_as_member(account=budi, membership=str(cover(budi).pk), wish=typed, by=actor(budi))
    assert (found.provider, found.provider_name) == (None, "RS <b>Harapan</b> Kita")


def test_members_see_their_own_requests_only(budi: Account, siti: Account) -> None:
    found = asked(budi)
    assert list(guarantees_of(budi)) == [found]
    assert list(guarantees_of(siti)) == []
    for key in (found.pk, "nonsense", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(UnknownGuarantee):
            find(siti, key)


def test_a_clinic_asks_for_the_person_in_front_of_it_and_the_person_is_told(budi: Account) -> None:
    reachable(budi)
    provider = melati()
    found = ask_as_provider(provider=provider, membership=cover(budi), wish=wish(budi, provider=provider), by=DESK)
    assert (found.account, found.state) == (None, "asked")
    message = Message.objects.get(template="guarantee-asked")
    assert find(budi, found.pk) == found
    assert message.to == "budi@example.test"


def rule(monkeypatch: pytest.MonkeyPatch, most: int, *benefits: str) -> None:
    """A rule of the market that gives small requests."""
    rules = GuaranteeRules(automatic=AutomaticGuarantee(most=Decimal(most), benefits=frozenset(benefits)))
    ruled = replace(market("id"), guarantees=rules)
    monkeypatch.setattr("mypolis.insurance.guarantees.models.profile_of", lambda _market: ruled)


def test_a_rule_gives_what_is_small_at_a_known_provider(budi: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    rule(monkeypatch, 500, "drugs")
    found = asked(budi, "500")
    assert (found.state, found.promised, reserved_of(budi)) == ("given", 500, 500)
    change = found.changes.latest("pk")
    assert (change.by_kind, change.by_id) == ("system", "")


@pytest.mark.parametrize("more", [{"expected": "501"}, {"benefit": "doctor"}, {"provider_name": "RS Harapan"}])
def test_a_rule_leaves_the_rest_to_people(budi: Account, monkeypatch: pytest.MonkeyPatch, more: dict[str, str]) -> None:
    rule(monkeypatch, 500, "drugs")
    one = wish(budi, more.get("expected", "500"), more.get("benefit", "drugs"))
    if name := more.get("provider_name"):
        one = replace(one, provider=None, provider_name=name)
    found = ask_as_member(account=budi, membership=str(cover(budi).pk), wish=one, by=actor(budi))
    assert (found.state, reserved_of(budi)) == ("asked", 0)


def test_a_rule_leaves_clinics_outside_the_network_to_people(budi: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    rule(monkeypatch, 500, "drugs")
    outside = clinic("RS-07", "RS Harapan")
    assert asked(budi, "100", provider=outside).state == "asked"
    inside = clinic("RS-08", "RS Kasih", "inner")
    assert asked(budi, "100", provider=inside).state == "given"


def test_the_rule_of_indonesia_is_about_small_outpatient_sums(budi: Account) -> None:
    automatic = market("id").guarantees.automatic
    assert automatic is not None
    for benefit, expected, is_simple in (
        ("diagnostics", "1500000", True),
        ("specialist", "1", True),
        ("diagnostics", "1500000.01", False),
        ("surgery", "1", False),
    ):
        found = Guarantee(membership=cover(budi), provider=melati(), benefit=benefit, expected=Decimal(expected))
        found.planned_from = today(budi)
        assert qualifies(found, automatic) is is_simple, (benefit, expected)


def test_a_rule_never_refuses(budi: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    rule(monkeypatch, 500, "birth")
    found = asked(budi, "500", "birth", in_days=0)
    assert found.state == "asked"
