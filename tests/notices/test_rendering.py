from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from mypolis.foundation.markets import all_markets
from mypolis.foundation.notices.catalogue import Template, catalogue
from mypolis.foundation.notices.findings import lint_gateways, lint_templates
from mypolis.foundation.notices.rendering import RenderedEmail, render_email, render_sms
from mypolis.foundation.notices.sms.sms_length import in_plain_letters, is_gsm, segments
from mypolis.foundation.web.branding.brand import brand_of

EMAILS = [
    (market, language, template.name)
    for market, profile in all_markets().items()
    for language in profile.languages
    for template in catalogue().values()
]
HOSTILE = "O'Neil <b>x</b>\n\n# [win](https://evil.example) **now** `x` ![i](https://evil.example/i.png)\u202e"


def _sample(template: str, market: str = "rs", language: str = "en", **changes: str | int) -> RenderedEmail:
    return render_email(market, language, template, {**catalogue()[template].sample, **changes})


def _is_contact(value: str | None) -> bool:
    """Whether a link opens the insurer's phone number or mailbox."""
    support = brand_of("rs").support
    return value in (*(phone.href for phone in support.phones), f"mailto:{support.email}")


class _Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value or "" for key, value in attrs if key in ("href", "src") and not _is_contact(value)]


def test_a_value_cannot_become_a_link_or_a_tag_in_html() -> None:
    email = _sample("invitation", name=HOSTILE, employer=HOSTILE)

    links = _Links(email.html)
    assert links.found == [catalogue()["invitation"].sample["url"]]
    assert not links.tags & {"b", "img", "code", "strong", "h2"}
    assert "O'Neil &lt;b&gt;x&lt;/b&gt; # [win](https://evil.example) **now**" in email.html


def test_a_value_cannot_add_a_line_to_the_text_or_turn_its_direction() -> None:
    email = _sample("invitation", name=HOSTILE)

    assert "Hello, O'Neil <b>x</b> # [win](https://evil.example) **now** `x`" in email.text
    assert "\u202e" not in email.text + email.html


def test_a_subject_is_one_line_whatever_the_brand_says(monkeypatch: pytest.MonkeyPatch) -> None:
    class Odd:
        def __getattr__(self, name: str) -> object:
            return "A\r\nBcc: eve@mail.example" if name == "name" else getattr(brand_of("rs"), name)

    monkeypatch.setattr("mypolis.foundation.notices.rendering.brand_of", lambda market: Odd())

    assert _sample("code").subject == "Your code for A Bcc: eve@mail.example"


def test_every_template_renders_in_every_language_of_every_market() -> None:
    assert lint_templates() == []


def test_the_linter_tells_which_template_lacks_what(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue(), "username", Template("no-such", {}))

    assert "no-such (email, rs, en): cannot be rendered: TemplateDoesNotExist: notices/no-such.md" in lint_templates()


def test_the_linter_names_the_setting_of_a_gateway_that_has_no_address(settings: Any) -> None:
    assert lint_gateways() == []

    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"smtp_url": "mail.example", "sms_url": "https:x"})

    assert [problem.partition(":")[0] for problem in lint_gateways()] == [
        "MYPOLIS_SMTP_URL",
        "MYPOLIS_SMS_URL",
    ]


SAID = {
    "en": ("sent by BRAND.", "You are receiving this email because", "Never share a code, username or password"),
    "sr-latn": (
        "Vam šalje BRAND.",
        "Ovaj imejl ste dobili zato što",
        "Kod, korisničko ime i lozinku nikome ne otkrivajte.",
    ),
    "sr-cyrl": (
        "Вам шаље BRAND.",
        "Овај имејл сте добили зато што",
        "Код, корисничко име и лозинку никоме не откривајте.",
    ),
    "id": (
        "dikirim oleh BRAND.",
        "Anda menerima email ini karena",
        "mohon untuk tidak memberitahukan kode, username, dan",
    ),
    "ru": (
        "Отправитель: BRAND.",
        "Вы получили это письмо, потому что",
        "Никому не сообщайте коды, имя пользователя и\N{NO-BREAK SPACE}пароль.",
    ),
}


@pytest.mark.parametrize(("market", "language", "template"), EMAILS)
def test_every_email_says_who_sends_it_why_and_never_to_share(market: str, language: str, template: str) -> None:
    email = _sample(template, market, language)
    brand = brand_of(market)

    for said in (email.text, email.html):
        for sentence in SAID[language]:
            assert sentence.replace("BRAND", brand.name) in said
        assert brand.support.phone in said
    assert brand.name in email.subject


@pytest.mark.parametrize("template", sorted(catalogue()))
def test_html_says_what_the_text_says(template: str) -> None:
    email = _sample(template)

    for key, value in catalogue()[template].sample.items():
        if key not in ("purpose", "when", "day"):
            assert str(value) in email.text
            assert str(value) in email.html


def test_html_loads_nothing_from_elsewhere_and_runs_nothing() -> None:
    links = _Links(_sample("code").html)

    assert links.found == []
    assert not links.tags & {"script", "img", "link", "iframe", "form"}


def test_text_reads_without_markup() -> None:
    text = _sample("temporary-password").text

    assert "    mufin-5-Tarok\n" in text
    assert "Sign in:\nhttps://portal.example/rs/signin/\n" in text
    assert not set("[]*`") & set(text)
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    ("purpose", "says"),
    [
        ("register", "continue your registration"),
        ("signin", "sign in to"),
        ("recover", "set a new password"),
        ("change-email", "change the contact details"),
        ("link-identity", "show"),
    ],
)
def test_a_code_says_what_it_is_for(purpose: str, says: str) -> None:
    assert says in _sample("code", purpose=purpose).text


def test_an_invitation_names_the_employer_where_there_is_one() -> None:
    assert "ООО «Ромашка» has insured you with" in _sample("invitation").text
    assert "You are insured with" in _sample("invitation", employer="").text


def test_one_minute_is_singular() -> None:
    assert "within 1 minute." in _sample("code", minutes=1).text
    assert "within 2 minutes." in _sample("code", minutes=2).text


def test_times_are_those_of_the_market() -> None:
    when = datetime.fromisoformat("2026-11-20T21:00:00+00:00").isoformat()

    assert "21 November 2026, 04:00 (WIB)" in _sample("new-device", "id", when=when).text


@pytest.mark.parametrize("market", list(all_markets()))
def test_the_sms_of_a_code_is_one_sms_and_ends_with_the_line_that_browsers_read(market: str) -> None:
    for language in all_markets()[market].languages:
        text = render_sms(market, language, "code", catalogue()["code"].sample)

        assert text.splitlines()[-1] == "@localhost #482915"
        assert text.startswith((f"{brand_of(market).short_name}: ", f"{brand_of(market).sender_sms}: "))
        assert segments(text.replace("@localhost", "@portal.example")) == 1


SMS = [(*rest, template) for *rest, template in EMAILS if "sms" in catalogue()[template].channels]
SHORT = {"code", "test-message"}  # without a warning
LONGEST = {"sr": "Đurđevdan š", "id": "Nusantara S", "en": "Nusantara S", "ru": "Рос-Здрав-М"}  # 11 characters


@pytest.mark.parametrize(("market", "language", "template"), SMS)
def test_an_sms_of_the_longest_brand_and_host_is_one(
    market: str, language: str, template: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Latin letters every message is one SMS. In Cyrillic a code is one SMS, and a notice with a warning is two."""
    host = "lk.insur.exa" if language == "ru" else "portal.for-members.of-a-long-named-insurer.example"
    brand = replace(brand_of(market), short_name=LONGEST[language[:2]], sender_sms="LONGESTNAME")
    monkeypatch.setattr("mypolis.foundation.notices.rendering.brand_of", lambda market: brand)
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"public_url": f"https://{host}"})

    text = render_sms(market, language, template, catalogue()[template].sample)

    assert len(brand.short_name) + len("lk.insur.exa") == 23  # what docs/guides/brand.md promises
    assert is_gsm(text) == (language != "ru")
    assert segments(text) == (2 if language == "ru" and template not in SHORT else 1)


def test_serbian_goes_out_in_plain_letters_in_both_scripts() -> None:
    latin, cyrillic = (render_sms("rs", one, "contact-changed", {}) for one in ("sr-latn", "sr-cyrl"))

    assert latin == cyrillic
    assert latin.isascii()


def test_an_english_sms_of_a_russian_insurer_has_no_cyrillic_name_in_it() -> None:
    assert render_sms("ru", "en", "password-changed", {}).startswith("SEVPOLIS: ")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đorđe, čćšž ČĆŠŽ", "Djordje, ccsz CCSZ"),
        ("„Lipa“ – d.o.o.…\u00a0’", '"Lipa" - d.o.o.... \''),
        ("Où est l’été? 5 € ñ", "Où est l'été? 5 € ñ"),
        ("Код „482915“ – ваш", "Код „482915“ – ваш"),
    ],
)
def test_letters_outside_the_alphabet_of_sms_become_plain_where_all_can(text: str, plain: str) -> None:
    assert in_plain_letters(text) == plain


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("č" + "a" * 133, 2),
        ("č" + "a" * 134, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_the_network_counts_them(text: str, count: int) -> None:
    assert segments(text) == count


def test_every_message_has_a_title_for_the_desk() -> None:
    assert [name for name, template in catalogue().items() if template.label == name] == []
