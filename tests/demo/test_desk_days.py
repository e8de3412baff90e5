"""The demo's day at the claims desk: every market has open claims of every kind that an assessor meets."""

from collections import Counter
from pathlib import Path

import pytest

from mypolis.demo.samples.desk_days.seeding import DAYS, seed_desk_day
from mypolis.demo.seed import seed
from mypolis.foundation.markets import Profile, all_markets
from mypolis.insurance.claims.desk.assessment import assess
from mypolis.insurance.claims.desk.facts import Sign, signs_of
from mypolis.insurance.claims.models import Claim, Line, Question, WaitingDecision
from tests.files.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def test_every_market_has_claims_of_every_kind_that_an_assessor_meets_once(folder: Path) -> None:
    seed()
    for profile in all_markets().values():
        before = Claim.objects.filter(market=profile.code).count()
        seed_desk_day(profile)
        assert Claim.objects.filter(market=profile.code).count() == before, "a second start adds nothing"
        check_day(profile)


def check_day(profile: Profile) -> None:
    cases = [case for person in DAYS[profile.code].people for case in person]
    claims = claims_of(profile, {number for case in cases for number, _amount in case.bills})
    assert len(claims) == len(cases) >= 20, profile.code
    states = Counter(str(one.state) for one in claims)
    for state in ("received", "in_review", "waiting_for_member", "second_review", "appealed", "to_be_paid"):
        assert states[state], (profile.code, state, states)
    keys = [one.pk for one in claims]
    assert WaitingDecision.objects.filter(claim__in=keys, is_stopped=True).count() == 1, profile.code
    questions = Question.objects.filter(claim__in=keys)
    assert sorted(one.answered_at is None for one in questions) == [False, True], profile.code
    assert {one.lines.all()[0].currency for one in claims} > {DAYS[profile.code].currency}, "a foreign bill"
    promised = [one.promised_by for one in claims if one.state == "received" and one.promised_by is not None]
    assert len([day for day in promised if day < profile.today()]) == 1, "the promise of one claim is broken"
    signs = {found.sign for one in claims for found in signs_of(assess(one, None))}
    assert signs >= {Sign.SAME_BILL, Sign.SAME_FILE, Sign.NEW_ACCOUNT, Sign.EDITED_PICTURE}, (profile.code, signs)
    new = [one for one in claims if one.pay_to is not None and one.pay_to.is_recently_changed]
    assert len(new) == 1, "an account that is new is rare, so that its sign says something"


def claims_of(profile: Profile, numbers: set[str]) -> list[Claim]:
    """The claims of a market of which a bill has one of these numbers."""
    keys = {one.claim_id for one in Line.objects.filter(claim__market=profile.code) if one.number in numbers}
    return list(Claim.objects.sent().filter(pk__in=keys).select_related("membership__policy", "pay_to"))
