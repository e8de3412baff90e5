"""Recovery codes and codes of authenticator apps: each is good once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pyotp import TOTP

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.factors import authenticator_apps, recovery_codes, time_codes
from mypolis.foundation.factors.holders import new_holder
from mypolis.foundation.factors.models import Holder, RecoveryCode
from tests.clock import NOON, stopped_at
from tests.journeys.test_races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def vesna() -> Holder:
    """Somebody at the desk."""
    return new_holder(door="desk")


def is_taken(holder: Holder, typed: str) -> bool:
    """Type a recovery code."""
    return recovery_codes.use(holder=holder, typed=typed, by=SYSTEM)


@pytest.mark.parametrize("typed", ["", "-", "0000-0000-0000-0000-0000-0000", "é" * 24, "\ud800", "x" * 100_000])
def test_what_is_no_recovery_code_is_refused(vesna: Holder, typed: str) -> None:
    recovery_codes.new_set(holder=vesna, by=SYSTEM)
    assert not is_taken(vesna, typed)
    assert recovery_codes.left(vesna) == 10
    assert not Event.objects.filter(kind="recovery_code.used").exists()


def test_somebody_elses_recovery_code_is_refused(vesna: Holder) -> None:
    code = recovery_codes.new_set(holder=new_holder(door="desk"), by=SYSTEM)[0]
    assert not is_taken(vesna, code)


def test_a_recovery_code_is_good_once(vesna: Holder) -> None:
    codes = recovery_codes.new_set(holder=vesna, by=SYSTEM)
    assert [is_taken(vesna, code) for code in (codes[0], codes[0], codes[1])] == [True, False, True]
    assert recovery_codes.left(vesna) == 8


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_used_twice_at_once_is_good_once(vesna: Holder) -> None:
    code = recovery_codes.new_set(holder=vesna, by=SYSTEM)[0]
    assert sorted(at_once(*[lambda: is_taken(vesna, code)] * 2)) == [False, True]


def test_a_new_set_voids_the_old_one(vesna: Holder) -> None:
    old = recovery_codes.new_set(holder=vesna, by=SYSTEM)
    new = recovery_codes.new_set(holder=vesna, by=SYSTEM)
    assert not any(is_taken(vesna, code) for code in old)
    assert all(is_taken(vesna, code) for code in new)


@pytest.mark.django_db(transaction=True)
def test_two_sets_made_at_once_leave_one(vesna: Holder) -> None:
    sets = at_once(*[lambda: recovery_codes.new_set(holder=vesna, by=SYSTEM)] * 2)
    assert recovery_codes.left(vesna) == 10
    assert sorted(is_taken(vesna, codes[0]) for codes in sets) == [False, True]


def test_recovery_codes_are_easy_to_write_and_are_not_stored(vesna: Holder) -> None:
    codes = recovery_codes.new_set(holder=vesna, by=SYSTEM)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)
    stored = b"".join(bytes(row.digest) for row in RecoveryCode.objects.all())
    assert not any(code.encode() in stored for code in codes)


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=24, max_size=24), st.randoms(use_true_random=False))
def test_case_spaces_and_letters_that_look_like_digits_are_forgiven(code: str, random: object) -> None:
    looks = {"0": "0Oo", "1": "1IilL"}
    pick = random.choice  # type: ignore[attr-defined]
    typed = "".join(pick(looks.get(one, one + one.lower())) + pick(["", " ", "-", "–", "\t"]) for one in code)
    assert recovery_codes._digest(typed) == recovery_codes._digest(code)


def linked(holder: Holder) -> str:
    """Link an app; return its secret."""
    secret = time_codes.new_secret()
    authenticator_apps.link(holder=holder, secret=secret, step=0, by=SYSTEM)
    return secret


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "1" * 5000])
def test_what_is_no_code_of_an_app_is_wrong(vesna: Holder, typed: str) -> None:
    linked(vesna)
    assert authenticator_apps.use(holder=vesna, typed=typed) == "wrong"


def test_without_an_app_every_code_is_wrong(vesna: Holder) -> None:
    secret = linked(vesna)
    assert authenticator_apps.unlink(holder=vesna, by=SYSTEM)
    assert not authenticator_apps.unlink(holder=vesna, by=SYSTEM)
    assert authenticator_apps.use(holder=vesna, typed=TOTP(secret).at(timezone.now())) == "wrong"


@pytest.mark.parametrize(("apart", "result"), [(-2, "wrong"), (-1, "right"), (0, "right"), (1, "right"), (2, "wrong")])
def test_a_phones_clock_may_be_half_a_minute_wrong(vesna: Holder, apart: int, result: str) -> None:
    with stopped_at(NOON):
        typed = TOTP(linked(vesna)).at(NOON + timedelta(seconds=30 * apart))
        assert authenticator_apps.use(holder=vesna, typed=typed) == result


def test_a_code_and_all_earlier_ones_are_good_once(vesna: Holder) -> None:
    with stopped_at(NOON):
        app = TOTP(linked(vesna))
        typed = [app.at(NOON + timedelta(seconds=apart)) for apart in (0, 0, -30, 30)]
        results = [authenticator_apps.use(holder=vesna, typed=one) for one in typed]
    assert results == ["right", "used", "used", "right"]


@pytest.mark.django_db(transaction=True)
def test_a_code_typed_twice_at_once_is_good_once(vesna: Holder) -> None:
    code = TOTP(linked(vesna)).at(timezone.now())
    results = at_once(*[lambda: authenticator_apps.use(holder=vesna, typed=code)] * 2)
    assert sorted(results) == ["right", "used"]


def test_another_app_replaces_the_first(vesna: Holder) -> None:
    first, second = linked(vesna), linked(vesna)
    now = timezone.now()
    assert authenticator_apps.use(holder=vesna, typed=TOTP(first).at(now)) == "wrong"
    assert authenticator_apps.use(holder=vesna, typed=TOTP(second).at(now)) == "right"
