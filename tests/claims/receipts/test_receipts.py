"""What the codes of receipts say. The writers here make such codes; garbage never raises."""

import base64
import hashlib
import struct
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.insurance.claims.receipts.reading import read_code
from mypolis.insurance.claims.receipts.suggestion import Suggestion

MOST = Decimal(10) ** 12  # what fits into a line of a claim
BELGRADE, MOSCOW = ZoneInfo("Europe/Belgrade"), ZoneInfo("Europe/Moscow")
RUSSIAN = "t=20260312T1041&s=3850.00&fn=9960440300000001&i=12345&fp=3522207165&n=1"
PUBLISHED = (
    bytes.fromhex("03 5445535441423132 5445535443443334 67120000 96110000 a0764b0200000000 0000019ce16bd832 000000")
    + b"\x11" * 256
    + b"\x22" * 256
    + bytes.fromhex("ec9255926ccce7306e070b178817b57b")
)
SERBIAN = "https://suf.purs.gov.rs/v/?vl=" + quote(base64.b64encode(PUBLISHED).decode(), safe="")


def serbian(
    *,
    at: datetime = datetime(2026, 3, 12, 9, 41, tzinfo=UTC),
    amount: int = 38_500_000,
    counter: int = 4711,
    invoice: int = 0,
    transaction: int = 0,
    buyer: bytes = b"",
    padded: bool = False,
    internal: int = 256,
    version: int = 3,
    devices: tuple[bytes, bytes] = (b"TESTAB12", b"TESTCD34"),
) -> bytes:
    """Write a receipt as the tax office's device does."""
    milliseconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    head = struct.pack("<B8s8sIIQ", version, *devices, counter, counter, amount)
    head += struct.pack(">QBBB", milliseconds, invoice, transaction, len(buyer))
    body = head + (buyer.ljust(20, b"\0") if padded else buyer) + b"\x11" * internal + b"\x22" * 256
    return body + hashlib.md5(body, usedforsecurity=False).digest()


def address(data: bytes) -> str:
    return "https://suf.purs.gov.rs/v/?vl=" + quote(base64.b64encode(data).decode(), safe="")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "https://example.com/",
        RUSSIAN.replace("&n=1", ""),
        RUSSIAN.replace("&n=1", "&n=5"),
        RUSSIAN.replace("20260312T1041", "20260230T1041"),
        RUSSIAN.replace("20260312T1041", "20260312T2541"),
        RUSSIAN.replace("20260312T1041", "٢٠٢٦٠٣١٢T1041"),
        RUSSIAN.replace("3850.00", "0.00"),
        RUSSIAN.replace("3850.00", "-3850.00"),
        RUSSIAN.replace("3850.00", "3850.001"),
        RUSSIAN.replace("3850.00", "1e9"),
        RUSSIAN.replace("3850.00", "9" * 13),
        RUSSIAN.replace("fn=9960440300000001", "fn=996044030000000"),
        RUSSIAN.replace("fp=3522207165", "fp="),
        RUSSIAN + "&s=9999.00",
        RUSSIAN + "&S=3850.00",
    ],
)
def test_no_suggestion_from_what_is_no_russian_receipt(text: str) -> None:
    assert read_code(text, MOSCOW) is None


@pytest.mark.parametrize(
    "text",
    [
        SERBIAN.replace("suf.purs.gov.rs", "suf.purs.gov.rs.example"),
        SERBIAN.replace("suf.purs.gov.rs", "xsuf.purs.gov.rs"),
        SERBIAN.replace("suf.purs.gov.rs", "suf.purs.gov.rs@evil.example"),
        SERBIAN.replace("suf.purs.gov.rs", "evil@suf.purs.gov.rs"),
        SERBIAN.replace("suf.purs.gov.rs", "suf.purs.gov.rs:8443"),
        SERBIAN.replace("suf.purs.gov.rs", "[suf.purs.gov.rs"),
        SERBIAN.replace("suf.purs.gov.rs", "suf.purs.gov.rs:99999999"),
        SERBIAN.replace("/v/", "/w/"),
        SERBIAN.replace("https:", "ftp:"),
        SERBIAN.replace("vl=", "vl=%00"),
        SERBIAN + "&vl=A1RF",
        SERBIAN[:-40],
        "https://suf.purs.gov.rs/v/?vl=Ime=Apoteka&PIB=100000001",
        "https://suf.purs.gov.rs/v/?vl=",
        "https://suf.purs.gov.rs/v/",
        address(serbian(version=4)),
        address(serbian(amount=0)),
        address(serbian(devices=(b"TEST-B12", b"TESTCD34"))),
        address(serbian(internal=300)),
        address(serbian(buyer=b"1" * 21)),
        address(serbian()[:43]),
        address(PUBLISHED[:33] + b"\xff" * 8 + PUBLISHED[41:]),
    ],
)
def test_no_suggestion_from_what_is_no_serbian_receipt(text: str) -> None:
    assert read_code(text, BELGRADE) is None


def test_a_very_long_text_is_no_code() -> None:
    assert read_code(RUSSIAN + " " * 100_000, MOSCOW) is None


def test_a_russian_receipt_suggests_day_and_sum() -> None:
    found = read_code(RUSSIAN, MOSCOW)

    assert found is not None
    assert (found.kind, found.day, found.amount, found.currency) == ("ru", date(2026, 3, 12), Decimal("3850.00"), "RUB")
    assert (found.number, found.is_proof_of_payment) == ("9960440300000001-12345-3522207165", True)
    assert found.trust == "unchecked"


@pytest.mark.parametrize(
    ("text", "day", "amount", "number", "paid"),
    [
        (
            "t=20260312T104107&s=120000.5&fn=7380440700000002&i=7&fp=0045678901&n=2",
            date(2026, 3, 12),
            "120000.50",
            "7380440700000002-7-45678901",
            False,
        ),
        (
            "T=20261231T2359&S=99&FN=9999078900000003&I=004521&FP=17&N=1",
            date(2026, 12, 31),
            "99.00",
            "9999078900000003-4521-17",
            True,
        ),
    ],
)
def test_published_variants_are_read(text: str, day: date, amount: str, number: str, paid: bool) -> None:
    found = read_code(text, MOSCOW)

    assert found is not None
    assert (found.day, found.amount, found.number, found.is_proof_of_payment) == (day, Decimal(amount), number, paid)


@pytest.mark.parametrize(
    "text",
    [
        RUSSIAN.replace("&", "&\r\n"),
        f"  {RUSSIAN}\n",
        f"https://receipts.example/check?{RUSSIAN}",
        f"{RUSSIAN}&utm_source=x",
        RUSSIAN.replace("3850.00", "3850,00"),
        RUSSIAN.replace("3850.00", "3850%2C00"),
        RUSSIAN.replace("i=12345", "i=0012345"),
        "&".join(reversed(RUSSIAN.split("&"))),
        RUSSIAN.lower(),
    ],
)
def test_what_tills_do_differently_makes_no_difference(text: str) -> None:
    assert read_code(text, MOSCOW) == read_code(RUSSIAN, MOSCOW)


@pytest.mark.parametrize("operation", ["2", "3", "4"])
def test_a_refund_is_no_proof_of_payment(operation: str) -> None:
    found = read_code(RUSSIAN.replace("n=1", f"n={operation}"), MOSCOW)

    assert found is not None
    assert not found.is_proof_of_payment


def test_the_published_serbian_receipt_is_read() -> None:
    found = read_code(SERBIAN, BELGRADE)

    assert SERBIAN.startswith(
        "https://suf.purs.gov.rs/v/?vl=A1RFU1RBQjEyVEVTVENEMzRnEgAAlhEAAKB2SwIAAAAAAAABnOFr2DIAAAAR"
    )
    assert found is not None
    assert (found.kind, found.day, found.amount, found.currency) == ("rs", date(2026, 3, 12), Decimal("3850.00"), "RSD")
    assert (found.number, found.is_proof_of_payment, found.trust) == ("TESTAB12-TESTCD34-4711", True, "intact")
    assert not found.names_buyer


@pytest.mark.parametrize(
    ("what", "paid"),
    [
        ({"invoice": 1}, False),
        ({"invoice": 2}, False),
        ({"invoice": 3}, False),
        ({"invoice": 4}, True),
        ({"invoice": 9}, False),
        ({"transaction": 1}, False),
    ],
)
def test_only_a_sale_that_was_paid_is_proof_of_payment(what: dict[str, Any], paid: bool) -> None:
    found = read_code(address(serbian(**what)), BELGRADE)

    assert found is not None
    assert found.is_proof_of_payment is paid


def test_a_wrong_checksum_lowers_the_trust_and_refuses_nothing() -> None:
    found = read_code(address(PUBLISHED[:-1] + b"\0"), BELGRADE)

    assert found is not None
    assert (found.trust, found.amount) == ("damaged", Decimal("3850.00"))


@pytest.mark.parametrize("padded", [False, True])
@pytest.mark.parametrize("internal", [256, 512])
def test_a_buyer_shows_that_a_company_may_have_paid(padded: bool, internal: int) -> None:
    data = serbian(buyer=b"10:100000001", padded=padded, internal=internal)
    found = read_code(address(data), BELGRADE)

    assert len(data) in (584, 592, 840, 848)
    assert found is not None
    assert found.names_buyer


def test_the_day_is_that_of_the_market() -> None:
    late = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    found = read_code(address(serbian(at=late)), BELGRADE)

    assert found is not None
    assert found.day == date(2026, 3, 13)


@pytest.mark.parametrize("written", [lambda text: text, quote, lambda text: text.replace("+", "%2b"), str.strip])
def test_however_the_plus_is_written_the_code_is_read(written: Any) -> None:
    data = serbian(counter=0xFBEFBE, amount=0xFBEFBEFBEF)
    encoded = base64.b64encode(data).decode()
    assert "+" in encoded

    found = read_code(f"https://suf.purs.gov.rs/v/?vl={written(encoded)}", BELGRADE)
    spaced = read_code(f"https://suf.purs.gov.rs/v/?vl={encoded.replace('+', ' ')}", BELGRADE)

    assert found is not None
    assert found == spaced
    assert found.trust == "intact"


moments = st.datetimes(datetime(2022, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
names = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=8, max_size=8).map(str.encode)


@given(moments, st.integers(1, 10**10), st.integers(0, 2**32 - 1), names, st.binary(max_size=20), st.booleans())
def test_every_serbian_receipt_that_is_written_is_read(
    at: datetime, cents: int, counter: int, device: bytes, buyer: bytes, padded: bool
) -> None:
    data = serbian(
        at=at, amount=cents * 100, counter=counter, devices=(device, device), buyer=buyer, padded=padded and bool(buyer)
    )
    found = read_code(address(data), BELGRADE)

    assert found is not None
    assert (found.day, found.amount) == (at.astimezone(BELGRADE).date(), Decimal(cents) / 100)
    assert (found.number, found.trust) == (f"{device.decode()}-{device.decode()}-{counter}", "intact")


@given(
    st.dates(date(2017, 1, 1), date(2035, 1, 1)), st.times(), st.integers(1, 10**10), st.integers(0, 10**10 - 1),
    st.booleans(),
)  # fmt: skip
def test_every_russian_receipt_that_is_written_is_read(
    day: date, time: Any, kopecks: int, sign: int, with_seconds: bool
) -> None:
    at = f"{day:%Y%m%d}T{time:%H%M%S}" if with_seconds else f"{day:%Y%m%d}T{time:%H%M}"
    found = read_code(f"t={at}&s={kopecks // 100}.{kopecks % 100:02}&fn=9960440300000001&i=1&fp={sign:010}&n=1", MOSCOW)

    assert found is not None
    assert (found.day, found.amount) == (day, Decimal(kopecks) / 100)
    assert found.number == f"9960440300000001-1-{sign}"


def assert_usable(found: Suggestion | None) -> None:
    """Nothing is suggested, or something that a bill can have: a sum above zero and a number to tell receipts apart."""
    if found is not None:
        assert 0 < found.amount < MOST
        assert found.number
        assert (found.kind, found.currency) in {("rs", "RSD"), ("ru", "RUB")}


@given(st.text(max_size=400))
def test_garbage_suggests_nothing_or_something_usable(text: str) -> None:
    assert_usable(read_code(text, BELGRADE))
    assert_usable(read_code(f"https://suf.purs.gov.rs/v/?vl={text}", BELGRADE))
    assert_usable(read_code(f"t={text}&s={text}&fn=9960440300000001&i=1&fp=1&n=1", BELGRADE))
    assert_usable(read_code(f"t=20260312T1041&s={text}&fn=9960440300000001&i=1&fp=1&n=1", BELGRADE))


@given(st.binary(max_size=900))
def test_bytes_of_any_kind_suggest_nothing_or_something_usable(data: bytes) -> None:
    assert_usable(read_code(address(data), BELGRADE))
    assert_usable(read_code(address(b"\x03" + data.ljust(571, b"\0")[:571]), BELGRADE))
