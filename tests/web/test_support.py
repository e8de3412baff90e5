"""Support contacts: phones with hours and the insurer's apps, in the page's language and in the API."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import translation

from mypolis.foundation.lib.opening_hours import parse_hours
from mypolis.foundation.markets import market
from mypolis.foundation.web.branding.brand import Brand, brand_of, read_brand
from mypolis.foundation.web.branding.hours import in_words, state_in_words
from tests.clock import coming, stopped_at

BELGRADE = ZoneInfo("Europe/Belgrade")
PHONES = """
[[support.phones]]
number = "0800 222-333"
free = true
label = { sr-latn = "Prijava štete", en = "Claims" }
hours = "Mo-Su 00:00-24:00"

[[support.phones]]
number = "011 222-333"
hours = "Mo-Su 09:00-17:00"
"""


def brand_with(folder: Path, *, phones: str = PHONES, support: str = "", more: str = "") -> Brand:
    """Return the demo's Serbian brand with other phones."""
    text = (brand_of("rs").folder / "brand.toml").read_text()
    head, _support, rest = text.partition("[support]")
    rest = rest[rest.index("[[emergency]]") :]
    toml = f'{head}[support]\nemail = "a@b.example"\n{support}\n{phones}\n{more}\n{rest}'
    (folder / "brand.toml").write_text(toml)
    (folder / "logo.svg").write_text("<svg/>")
    return read_brand(folder, market("rs"))


@pytest.fixture
def two_phones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Brand:
    """The Serbian market with two phones and the insurer's apps."""
    apps = '[apps]\napp_store = "https://apps.example/x"\n"Other shop" = "https://shop.example/y?a=1&b=2"\n'
    brand = brand_with(tmp_path, more=apps)
    for place in ("context", "assets.installable_app"):
        monkeypatch.setattr(f"mypolis.foundation.web.{place}.brand_of", lambda _code: brand)
    monkeypatch.setattr("mypolis.doors.api.main.brand_of", lambda _code: brand)
    return brand


def page(address: str, language: str = "en") -> str:
    return Client(headers={"accept-language": language}).get(address).content.decode()


@pytest.mark.django_db
def test_the_foot_shows_every_phone_with_hours_and_whether_it_is_open_now(two_phones: Brand) -> None:
    with stopped_at(coming(12, zone=BELGRADE)):
        text = page("/rs/signin/")
    for said in ("0800 222-333", "Claims · free call · Day and night, every day", "tel:0800222333", "011 222-333"):
        assert said in text
    assert "Every day 09:00–17:00" in text
    assert "Open now, until 17:00" in text
    with stopped_at(coming(20, zone=BELGRADE)):
        assert "at 09:00" in page("/rs/signin/")


@pytest.mark.django_db
def test_a_page_that_a_phone_keeps_says_no_now(two_phones: Brand) -> None:
    text = page("/rs/offline/")
    assert "0800 222-333" in text
    assert "Every day 09:00–17:00" in text
    assert "Open now" not in text
    assert "Closed now" not in text


@pytest.mark.django_db
def test_the_insurers_apps_stand_in_place_of_how_to_install_the_portal(two_phones: Brand) -> None:
    text = page("/rs/")
    assert '<a href="https://apps.example/x" rel="noopener">App Store</a>' in text
    assert "https://shop.example/y?a=1&amp;b=2" in text
    assert "data-install" not in text
    assert "Add to Home Screen" not in text


@pytest.mark.django_db
def test_without_apps_it_is_told_how_to_install_the_portal() -> None:
    text = page("/id/")
    assert "data-install" in text
    assert "Add to Home Screen" in text
    assert "Our app" not in text


@pytest.mark.django_db
def test_the_api_tells_the_same(two_phones: Brand) -> None:
    noon = coming(12, zone=BELGRADE)
    with stopped_at(noon):
        found = Client(headers={"accept-language": "en"}).get("/api/v1/rs").json()["support"]
    assert (found["phone"], found["email"]) == ("0800 222-333", "a@b.example")
    assert found["hours"] == "Day and night, every day"
    first, second = found["phones"]
    assert (first["label"], first["is_free"], first["is_open"], first["changes_at"]) == ("Claims", True, True, None)
    assert (second["label"], second["is_free"], second["is_open"]) == ("", False, True)
    assert datetime.fromisoformat(second["changes_at"]) == noon + timedelta(hours=5)
    assert found["apps"][0] == {"name": "App Store", "url": "https://apps.example/x"}


def test_one_number_with_a_sentence_goes_on_working(tmp_path: Path) -> None:
    old = 'phone = "0800 1"\nhours = { sr-latn = "radnim danima od 8", en = "on workdays from 8" }'
    support = brand_with(tmp_path, phones="", support=old).support
    assert (support.phone, support.phones[0].now) == ("0800 1", None)
    with translation.override("sr-cyrl"):
        assert support.hours == "радним данима од 8"


@pytest.mark.parametrize(
    ("phones", "support", "more", "told"),
    [
        (PHONES, 'phone = "1"', "", "move phone and hours into"),
        ("phones = []", "", "", "needs at least one number"),
        (PHONES.replace('"0800 222-333"', "800222333"), "", "", "write number as people dial it, in quotes"),
        (PHONES.replace('"011 222-333"', '"call us"'), "", "", "write number as people dial it"),
        (PHONES.replace("true", '"yes"'), "", "", "free = true or free = false"),
        (PHONES.replace("Mo-Su 09:00-17:00", "9 to 5"), "", "", "write hours as 24/7 or like Mo-Fr 08:00-20:00"),
        (PHONES + 'zone = "Mars/Base"', "", "", "write zone like Europe/Belgrade"),
        (PHONES + 'closed_on = ["1 January"]', "", "", "closed_on as days without quotes"),
        (PHONES + 'opens = "9"', "", "", "opens is none of"),
        (PHONES.replace(', en = "Claims"', ""), "", "", "a text in en is missing"),
        (PHONES, "", '[apps]\nios = "http://x.example"', "apps.ios: write an address that begins with https://"),
        (PHONES, "", '[apps]\nios = "javascript:alert(1)"', "apps.ios"),
    ],
)
def test_what_is_wrong_is_told_with_how_to_write_it(
    tmp_path: Path, phones: str, support: str, more: str, told: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        brand_with(tmp_path, phones=phones, support=support, more=more)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Mo-Fr 08:00-20:00; Sa 09:00-14:00", "en", "Mon–Fri 08:00–20:00, Sat 09:00–14:00"),
        ("Mo-Fr 08:00-20:00; Sa 09:00-14:00", "sr-latn", "pon–pet 08:00–20:00, sub 09:00–14:00"),
        ("Mo-Fr 08:00-20:00; Sa 09:00-14:00", "sr-cyrl", "пон–пет 08:00–20:00, суб 09:00–14:00"),
        ("Mo-Fr 08:00-20:00", "id", "Senin–Jumat 08.00–20.00"),
        ("Mo-Fr 09:00-18:00", "ru", "пн–пт 9:00–18:00"),
        ("24/7", "ru", "Круглосуточно, без выходных"),
        ("Mo,Tu 22:00-02:00", "en", "Mon, Tue 22:00–02:00"),
        ("Mo-Su 06:00-24:00", "en", "Every day 06:00–24:00"),
        ("Mo 09:00-12:00,13:00-17:00", "en", "Mon 09:00–12:00, 13:00–17:00"),
    ],
)
def test_hours_are_told_in_each_language(text: str, language: str, words: str) -> None:
    with translation.override(language):
        assert in_words(parse_hours(text, zone=BELGRADE)) == words


def test_the_state_names_the_day_only_where_it_is_another_one() -> None:
    office = parse_hours("Mo-Fr 08:00-20:00", zone=BELGRADE)
    sunday = datetime(2026, 11, 29, 12, tzinfo=UTC)
    said: list[Any] = []
    for hours in (0, 18, 20, 32):
        moment = sunday + timedelta(hours=hours)
        said.append(state_in_words(office.state_at(moment), moment).text)
    assert said == [
        "Closed now, opens Mon at 08:00",
        "Closed now, opens at 08:00",
        "Open now, until 20:00",
        "Closed now, opens Tue at 08:00",
    ]
