"""Serbian in two scripts: chosen like a language, with the same words, and unchanged personal data."""

import re
from pathlib import Path

import pytest
from django.test import Client

from mypolis.foundation.markets import market
from mypolis.foundation.web.branding.brand import brand_of, read_brand
from mypolis.membership.accounts.models import Account
from mypolis.membership.consents.documents import document
from mypolis.membership.consents.models import Consent
from tests.cast import JELENA, PASSWORD
from tests.post import Post
from tests.web.site import WALKS, SeeingDoor

LATIN_WORD = re.compile(r"\b[a-zčćđšž]{2,}\b", re.IGNORECASE)
# Not Serbian: the brand, names of browsers and computers, the names of other languages.
KEPT = {
    "Lipa",
    "osiguranje",
    "SMS",
    "IP",
    "mail",
    "Chrome",
    "iPhone",
    "iPad",
    "Android",
    "Edge",
    "Firefox",
    "Safari",
    "Srpski",
    "English",
    "sr",
    "en",
}
PAGES = ["/rs/", "/rs/register/", "/rs/signin/", "/rs/recover/", "/rs/nothing-here/", "/rs/legal/privacy/"]


def _bare(html: str) -> str:
    """Return the visible text, without tags, scripts, styles, URLs and attributes."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", html.partition("<body")[2], flags=re.DOTALL)
    return re.sub(r"<[^>]*>|&\w+;|\S+@\S+|[\w-]+\.[\w.-]+", " ", body)


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        ("sr-Cyrl", "sr-cyrl"),
        ("sr-Cyrl-RS,sr;q=0.5", "sr-cyrl"),
        ("sr-Latn-RS", "sr-latn"),
        ("sr", "sr-latn"),
        ("sr-RS", "sr-latn"),
        ("de,sr-Cyrl;q=0.1", "sr-cyrl"),
        ("en-GB,sr-Cyrl;q=0.9", "en"),
    ],
)
def test_a_browser_and_a_partner_may_wish_for_either_script(client: Client, db: None, wanted: str, spoken: str) -> None:
    for address in ("/rs/", "/api/v1/rs"):
        assert client.get(address, headers={"accept-language": wanted})["Content-Language"] == spoken


@pytest.mark.parametrize("address", PAGES)
def test_a_page_in_cyrillic_holds_no_latin_word_of_ours(client: Client, db: None, address: str) -> None:
    page = client.get(address, headers={"accept-language": "sr-Cyrl"}).content.decode()
    assert '<html lang="sr-Cyrl">' in page
    assert set(LATIN_WORD.findall(_bare(page))) <= KEPT


def test_the_switch_offers_both_scripts_and_keeps_the_page(client: Client, db: None) -> None:
    page = client.get("/rs/signin/").content.decode()
    assert re.search(r'lang="sr-Cyrl"\s+title="Српски"[^>]*value="sr-cyrl"\s*>ср<', page)
    response = client.post("/language/", {"language": "sr-cyrl", "next": "/rs/signin/"}, follow=True)
    assert response.request["PATH_INFO"] == "/rs/signin/"
    assert response["Content-Language"] == "sr-cyrl"


def test_what_was_typed_stays_in_its_own_letters_when_the_script_changes(client: Client, db: None) -> None:
    typed = {"policy_number": "RS-1", "email": "ljubica@nj.example", "password": PASSWORD}
    form = {"step": "identity", "switch_language": "sr-cyrl", **typed}
    page = client.post("/rs/register/", form, follow=True).content.decode()
    assert 'value="RS-1"' in page
    assert 'value="ljubica@nj.example"' in page
    assert "Број полисе" in page


def test_a_legal_text_in_cyrillic_is_the_same_text_by_its_digest() -> None:
    latin, cyrillic = (document("rs", "privacy", language) for language in ("sr-latn", "sr-cyrl"))
    assert cyrillic.digest == latin.digest
    assert (cyrillic.language, cyrillic.version) == ("sr-cyrl", latin.version)
    assert cyrillic.title == "Обавештење о обради података о личности"
    assert "pomoc@lipa-osiguranje.example" in cyrillic.html
    assert "Lipa osiguranje" in cyrillic.html


def test_a_walk_in_cyrillic_keeps_names_as_on_file_and_mails_in_cyrillic(post: Post) -> None:
    door = SeeingDoor(Client(headers={"accept-language": "sr-Cyrl"}))
    WALKS["rs"](door, post)
    account = Account.objects.get()
    assert account.language == "sr-cyrl"
    assert Consent.objects.get().language == "sr-cyrl"
    theirs = set(LATIN_WORD.findall(f"{JELENA.surname} {JELENA.given_name} {JELENA.policy_number}"))
    for name, page in door.pages.items():
        assert set(LATIN_WORD.findall(_bare(page.content.decode()))) <= KEPT | theirs, name
    letter = next(one for one in post.to("new@example.test") if one.template == "account-created")
    assert "Добар дан, Jelena!" in letter.text


def test_the_insurers_own_cyrillic_goes_before_the_made_one(tmp_path: Path) -> None:
    folder = brand_of("rs").folder
    assert "послује под надзором Народне банке Србије" in brand_of("rs").supervisor.in_language("sr-cyrl")
    toml = (folder / "brand.toml").read_text().replace("[supervisor]", '[supervisor]\nsr-cyrl = "Надзор"')
    (tmp_path / "brand.toml").write_text(toml)
    (tmp_path / "logo.svg").write_text("<svg/>")
    assert read_brand(tmp_path, market("rs")).supervisor.in_language("sr-cyrl") == "Надзор"
