"""Each SMS gateway, with a fake partner that checks what it receives."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from mypolis.foundation.notices.findings import lint_gateways
from mypolis.foundation.notices.gateways import DeliveryFailed, Sms
from mypolis.foundation.notices.sms import configured_gateways
from mypolis.foundation.notices.sms.configured_gateways import BadGateway, gateways
from mypolis.foundation.notices.sms.gateway import Address
from mypolis.foundation.notices.sms.http import HttpGateway
from mypolis.foundation.notices.sms.smpp import SmppGateway
from mypolis.foundation.notices.sms.smpp_link import Link
from mypolis.foundation.notices.sms.twilio import TwilioGateway, signature
from tests.notices.fake_centre import LATER, FakeCentre
from tests.notices.fake_twilio import ACCOUNT, FakeTwilio
from tests.waiting import until

SMS = Sms(
    id=UUID("7d5c2f3e-0000-4000-8000-000000000001"), to="+381641234567", text="Polis: kod 482915.", sender="POLIS"
)
HOOKS = "https://portal.example/hooks/sms/x/"


def _address(url: str, hooks_url: str = HOOKS) -> Address:
    return Address.of(urlsplit(url), hooks_url=hooks_url, receipts_token="t" * 24)


def _failure(send: Callable[[], object]) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        send()
    return failed.value


# Twilio


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio().serving() as fake:
        yield fake


@pytest.mark.parametrize("code", [21211, 21614, 21610, 21617])
def test_what_twilio_says_of_the_number_or_the_text_is_final(twilio: FakeTwilio, code: int) -> None:
    twilio.moods.append((400, code))

    failure = _failure(lambda: TwilioGateway("twilio", _address(twilio.url())).send(SMS))

    assert (failure.permanent, failure.unsure, failure.down) == (True, False, False)
    assert failure.reason == f"http 400 twilio {code}"


@pytest.mark.parametrize("code", [21408, 21612, 21606, 21611])
def test_what_twilio_says_of_itself_may_go_elsewhere(twilio: FakeTwilio, code: int) -> None:
    twilio.moods.append((400, code))

    failure = _failure(lambda: TwilioGateway("twilio", _address(twilio.url())).send(SMS))

    assert (failure.permanent, failure.unsure, failure.down) == (False, False, False)


@pytest.mark.parametrize(
    ("status", "unsure", "down"), [(429, False, False), (500, True, False), (504, True, False), (503, False, True)]
)
def test_a_failing_twilio_is_told_from_one_that_may_have_taken_it(
    twilio: FakeTwilio, status: int, unsure: bool, down: bool
) -> None:
    twilio.moods.append(status)

    failure = _failure(lambda: TwilioGateway("twilio", _address(twilio.url())).send(SMS))

    assert (failure.permanent, failure.unsure, failure.down) == (False, unsure, down)


def test_a_wrong_token_is_a_twilio_that_is_down_for_us(twilio: FakeTwilio) -> None:
    assert _failure(lambda: TwilioGateway("twilio", _address(twilio.url("stale"))).send(SMS)).down


def test_a_gateway_that_is_not_there_never_heard_of_the_message() -> None:
    for gateway in (
        TwilioGateway("twilio", _address("twilio://AC1:x@127.0.0.1:1")),
        HttpGateway("http", "http://127.0.0.1:1/", None),
        SmppGateway("smpp", _address("smpp://me:x@127.0.0.1:1")),
    ):
        failure = _failure(lambda gateway=gateway: gateway.send(SMS))  # type: ignore[misc]
        assert (failure.permanent, failure.unsure, failure.down) == (False, False, True)


def test_twilio_gets_form_sender_and_an_address_for_its_receipts(twilio: FakeTwilio) -> None:
    text = "Полис: код 482915.\n@portal.example #482915"

    sid = TwilioGateway("twilio", _address(twilio.url())).send(replace(SMS, text=text))

    assert twilio.taken == [
        {"To": SMS.to, "From": "POLIS", "Body": text, "StatusCallback": f"{HOOKS}?message={SMS.id}"},
    ]
    assert sid == f"SM{1:032x}"


def test_twilio_is_told_of_no_address_that_it_could_not_reach(twilio: FakeTwilio) -> None:
    TwilioGateway("twilio", _address(twilio.url(), "http://localhost:8000/hooks/sms/x/")).send(SMS)

    assert "StatusCallback" not in twilio.taken[0]


def test_the_signature_is_the_one_of_twilio_s_own_example() -> None:
    """The example is from Twilio's page on the security of webhooks, with its older field names."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"

    assert signature(url, list(fields.items()), "12345") == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


# SMPP


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with FakeCentre().serving() as fake:
        yield fake


@pytest.fixture
def line(centre: FakeCentre, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmppGateway]:
    """A gateway whose receipts are not stored."""
    monkeypatch.setattr("mypolis.foundation.notices.sms.smpp_receipts.receive_by_gateway", lambda *args, **more: True)
    gateway = SmppGateway("smpp", _address(centre.url()))
    yield gateway
    gateway.hang_up()


@pytest.mark.parametrize(
    ("status", "permanent"), [(0x0B, True), (0x01, True), (0x58, False), (0x14, False), (0x08, False)]
)
def test_the_centre_s_status_says_whether_to_try_again(
    centre: FakeCentre, line: SmppGateway, status: int, permanent: bool
) -> None:
    centre.moods.append(status)

    failure = _failure(lambda: line.send(SMS))

    assert (failure.permanent, failure.unsure) == (permanent, False)
    assert failure.reason == f"smpp {status:#x}"


def test_a_centre_that_refuses_our_password_is_down(centre: FakeCentre) -> None:
    failure = _failure(lambda: SmppGateway("smpp", _address(centre.url("wrong"))).send(SMS))

    assert (failure.permanent, failure.unsure, failure.down) == (False, False, True)
    assert centre.binds == 0


@pytest.mark.parametrize("mood", ["close", "silent"])
def test_a_centre_that_takes_it_without_a_word_leaves_us_unsure(
    centre: FakeCentre, line: SmppGateway, mood: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mypolis.foundation.notices.sms.smpp_link.TIMEOUT_SECONDS", 1.0)
    centre.moods.append(mood)

    failure = _failure(lambda: line.send(SMS))

    assert (failure.permanent, failure.unsure) == (False, True)


def test_a_refusal_of_a_later_piece_leaves_us_unsure(centre: FakeCentre, line: SmppGateway) -> None:
    centre.moods.extend([0, 0x0B])

    failure = _failure(lambda: line.send(replace(SMS, text="Ж" * 100)))

    assert (failure.permanent, failure.unsure) == (False, True)


def test_a_line_that_broke_is_bound_anew(centre: FakeCentre, line: SmppGateway) -> None:
    assert line.send(SMS) == "c-1"
    centre.hang_up()
    until(lambda: line.is_idle)

    assert line.send(SMS) == "c-2"
    assert centre.binds == 2


def test_the_centre_gets_number_sender_and_text_in_the_alphabet_that_it_needs(
    centre: FakeCentre, line: SmppGateway
) -> None:
    text = "Polis: [482915] za 5 €"
    assert line.send(replace(SMS, text=text)) == "c-1"
    assert line.send(replace(SMS, text="Полис: код 482915 💊", sender="+381601234567")) == "c-2"
    assert line.send(replace(SMS, sender="1234")) == "c-3"

    latin, cyrillic, short = centre.shorts
    assert (latin.coding, latin.text, latin.udh, latin.wants_receipt) == (0, text, b"", True)
    assert (latin.source, latin.target) == ((5, 0, "POLIS"), (1, 1, "381641234567"))
    assert (cyrillic.coding, cyrillic.text) == (8, "Полис: код 482915 💊")
    assert cyrillic.source == (1, 1, "381601234567")
    assert short.source == (3, 0, "1234")
    assert centre.binds == 1


def test_a_long_text_goes_in_pieces_that_the_phone_joins_and_asks_for_one_receipt(
    centre: FakeCentre, line: SmppGateway
) -> None:
    text = "Ваш код: " + "0123456789" * 15

    assert line.send(replace(SMS, text=text)) == "c-3"

    assert "".join(short.text for short in centre.shorts) == text
    assert [short.udh[:3] + short.udh[4:] for short in centre.shorts] == [bytes((5, 0, 3, 3, n)) for n in (1, 2, 3)]
    assert len({short.udh[3] for short in centre.shorts}) == 1
    assert [short.wants_receipt for short in centre.shorts] == [False, False, True]


def test_a_quiet_line_is_asked_whether_it_is_still_there(
    centre: FakeCentre, line: SmppGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mypolis.foundation.notices.sms.smpp_link.QUIET_SECONDS", 0.05)
    line.send(SMS)

    until(lambda: centre.enquiries > 1)

    assert line.send(SMS) == "c-2"
    assert centre.binds == 1


def test_a_receipt_that_could_not_be_kept_is_asked_for_again(centre: FakeCentre) -> None:
    came: list[bytes] = []

    def broken_at_first(unit: Any) -> int:
        came.append(unit.short_message)
        if len(came) == 1:
            raise RuntimeError("no database")
        return 0

    link = Link(
        host="127.0.0.1",
        port=centre.port,
        tls=False,
        system_id="mypolis",
        password="s3cret-s",
        on_deliver=broken_at_first,
    )
    link.submit(
        source_addr_ton=5, source_addr="POLIS", dest_addr_ton=1, destination_addr="1", short_message=b"x",
        registered_delivery=1,
    )  # fmt: skip

    until(lambda: len(centre.answers) == 2)
    link.close()
    assert [status for _command, status in centre.answers] == [LATER, 0]
    assert len(came) == 2
    assert came[0] == came[1]


# Chosen by the settings


def _set(settings: Any, urls: str | None, **more: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_url": urls, **more})


@pytest.mark.parametrize(
    ("urls", "told"),
    [
        ("gw.example/send", "address 1 must begin with one of https://"),
        ("ftp://gw.example", "address 1 must begin"),
        ("https://", "has no host"),
        ("https://a.example, twilio://api.twilio.com", "address 2 needs twilio://"),
        ("smpp://centre.example", "address 1 needs smpp"),
        ("kannel://centre.example", "address 1 needs kannel"),
        ("smpp://a:b@one.example, smpps://a:b@two.example", "is a second 'smpp'"),
        ("https://a.example#A_B", "small letters"),
        ("https://a.example:99999", "has no valid port"),
        ("smpp://a:b@/c@centre.example", "has no"),
        ("smpp://me:s3same/word@centre.example", "has no valid port"),
    ],
)
def test_a_wrong_address_is_told_by_its_place(settings: Any, urls: str, told: str) -> None:
    _set(settings, urls)

    with pytest.raises(BadGateway, match="address") as error:
        gateways()

    assert told in str(error.value)
    assert "b@" not in str(error.value)
    assert "s3same" not in str(error.value)
    assert [finding for finding in lint_gateways() if "MYPOLIS_SMS_URL: address" in finding]


def test_without_its_library_only_smpp_is_refused(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configured_gateways, "find_spec", lambda _name: None)

    _set(settings, "kannels://a:b@one.example")
    assert [gateway.name for gateway in gateways()] == ["kannel"]

    _set(settings, "kannels://a:b@two.example, smpps://a:b@two.example")
    with pytest.raises(BadGateway, match=r"address 2 needs .* mypolis\[smpp\]"):
        gateways()


@pytest.mark.parametrize("token", ["", "short", "x" * 19, "with a space and more of it", "with/slash/and/more/of/it"])
@pytest.mark.parametrize("name", ["receipts_token", "bounces_token"])
def test_a_secret_that_is_weak_or_breaks_an_address_is_told(settings: Any, name: str, token: str) -> None:
    _set(settings, None, **{name: token})

    (finding,) = lint_gateways()

    assert finding.startswith(f"MYPOLIS_{name.upper()}: ")
    assert not token or token not in finding


def test_good_settings_are_not_told_of(settings: Any) -> None:
    _set(settings, "smpp://a:b@one.example", receipts_token="r" * 20, bounces_token="key-0123456789abcdef_XYZ")

    assert lint_gateways() == []


def test_one_address_is_one_gateway_as_ever(settings: Any) -> None:
    _set(settings, "https://gw.example/send?a=1,2", sms_token="secret")

    (gateway,) = gateways()

    assert gateway.name == "http"
    assert gateway.takes_an_id_once


def test_several_addresses_are_gateways_in_their_order_by_scheme_or_name(settings: Any) -> None:
    _set(settings, f"smpp://a:b@one.example,  twilio://{ACCOUNT}:x@api.twilio.com, smpps://a:b%2C@two.example#spare")

    assert [gateway.name for gateway in gateways()] == ["smpp", "twilio", "spare"]
    assert not any(gateway.takes_an_id_once for gateway in gateways())


def test_a_second_http_gateway_never_gets_the_first_one_s_token(settings: Any) -> None:
    _set(
        settings, "https://one.example/, https://two.example/#two, https://u:p@three.example/#three", sms_token="secret"
    )

    one, two, three = gateways()

    assert one._client.headers.get("Authorization") == "Bearer secret"  # type: ignore[attr-defined]
    assert "Authorization" not in two._client.headers  # type: ignore[attr-defined]
    assert "Authorization" not in three._client.headers  # type: ignore[attr-defined]
