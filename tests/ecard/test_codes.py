"""A code is valid only unchanged, for one card, one market, one use and a short time."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.insurance.ecard.counter.card_codes import LIVES, Use, make_code, read_code
from mypolis.insurance.ecard.numbers import in_groups, new_card_number

SECRET = b"s" * 32
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
USES = st.sampled_from(sorted(LIVES))


def made(card: UUID | None = None, *, use: Use = "now", at: datetime = NOW, market: str = "rs") -> str:
    return make_code(card or uuid4(), SECRET, market=market, use=use, made_at=at)


@given(card=st.uuids(), use=USES, at=st.datetimes(datetime(2026, 1, 1), datetime(2100, 1, 1)))
def test_what_was_made_is_read(card: UUID, use: Use, at: datetime) -> None:
    moment = at.replace(tzinfo=UTC, microsecond=0)
    code = read_code(made(card, use=use, at=moment))
    assert code is not None
    assert (code.card_id, code.use, code.made_at) == (card, use, moment)
    assert code.is_genuine(SECRET, market="rs")


@given(place=st.integers(0, 36), flip=st.integers(1, 255))
def test_a_code_with_one_byte_changed_is_not_genuine(place: int, flip: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(made() + "=="))
    raw[place] ^= flip
    code = read_code(base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("="))
    assert code is None or not code.is_genuine(SECRET, market="rs")


@given(text=st.text(max_size=60) | st.text(alphabet="AB-_z9", min_size=50, max_size=50))
def test_any_text_is_read_without_an_accident(text: str) -> None:
    code = read_code(text)
    assert code is None or not code.is_genuine(SECRET, market="rs")


def test_another_secret_or_market_did_not_sign_it() -> None:
    code = read_code(made())
    assert code is not None
    assert not code.is_genuine(b"t" * 32, market="rs")
    assert not code.is_genuine(SECRET, market="ru")


def test_two_spellings_are_the_same_code() -> None:
    text = made()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = text[:-1] + alphabet[alphabet.index(text[-1]) ^ 1]
    one, two = read_code(text), read_code(other)
    assert one is not None
    assert two is not None
    assert (one.digest, one.signature) == (two.digest, two.signature)


@pytest.mark.parametrize(("use", "life"), [("now", 5), ("offline", 12 * 60), ("print", 90 * 24 * 60)])
def test_each_use_has_its_life_in_minutes(use: Use, life: int) -> None:
    code = read_code(made(use=use))
    assert code is not None
    end = NOW + timedelta(minutes=life)
    assert not code.is_expired_at(end - timedelta(seconds=1))
    assert code.is_expired_at(end)


def test_a_code_from_the_future_is_not_taken() -> None:
    code = read_code(made(at=NOW + timedelta(hours=1)))
    assert code is not None
    assert code.is_expired_at(NOW)
    assert not code.is_expired_at(NOW + timedelta(hours=1, seconds=-30)), "clocks differ a little"


def test_a_code_holds_no_word_of_the_market_and_no_running_number() -> None:
    raw = base64.urlsafe_b64decode(made(UUID(int=7)) + "==")
    assert len(raw) == 37
    assert b"rs" not in raw[:21]


def test_card_numbers_have_twelve_digits_that_find_a_typing_error() -> None:
    numbers = {new_card_number() for _each in range(200)}
    assert {len(number) for number in numbers} == {12}
    assert len(numbers) == 200
    assert not any(number.startswith("0") for number in numbers)
    assert in_groups("123456789012") == "1234 5678 9012"
