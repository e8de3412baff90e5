"""The design page: every component in every state, in each market's brand. Demo and tests only.

`/design/?market=ru&theme=dark&contrast=more`: the switches rewrite the media queries of the real style sheet, so the
page looks as it does on a device with these settings.
"""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mypolis.foundation.markets import Profile, all_markets
from mypolis.foundation.web.assets import bundles
from mypolis.foundation.web.branding import brand_files
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.foundation.web.charts.bars import bar_chart
from mypolis.foundation.web.charts.figures import Figure
from mypolis.foundation.web.charts.line import line_chart
from mypolis.foundation.web.design_parts import GROUPS, PARTS
from mypolis.foundation.web.form_fields import fields
from mypolis.foundation.web.form_fields.captcha_field import CaptchaField
from mypolis.foundation.web.form_fields.date_field import BirthDateField
from mypolis.foundation.web.navigation import Entry

THEMES = ("auto", "light", "dark")
CONTRASTS = ("auto", "more")
ICONS = (bundles.SOURCES / "static" / "web" / "icons.svg").read_text(encoding="utf-8").split('<symbol id="')[1:]


class FileField(fields.DrawnField, forms.FileField):
    """A file upload."""

    kind = "file"


class SampleForm(forms.Form):
    """One field of each kind."""

    text = fields.TextField(label="Text", help_text="A hint beneath the label.")
    email = fields.EmailField(label="Email", required=False)
    mobile = fields.MobileField(region="RS", label="Mobile phone")
    birth_date = BirthDateField(label="Date of birth", help_text="For example, 27 3 1986")
    code = fields.CodeField(label="Code", help_text="6 digits, sent to +381 64 ••• •• 67")
    password = fields.PasswordField(label="Password", new=True)
    choice = fields.ChoiceField(
        label="Choice", choices=[("a", "One"), ("b", "Another, with words enough for two lines")]
    )
    select = fields.ListField(label="One of many", choices=[("", "–"), ("a", "One")])
    story = fields.TextField(label="A longer text", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    document = FileField(label="File", help_text="A photograph or a PDF, up to 10 MB", required=False)
    consent = fields.ConsentField(document="rules", label="I accept the rules")
    captcha = CaptchaField()

    def __init__(self, *args: Any, market: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password: Any = self.fields["password"]
        password.hints = [
            fields.Hint("length", "At least 12 characters"),
            fields.Hint("personal", "Nothing about you in it"),
        ]
        consent: Any = self.fields["consent"]
        consent.document_url = reverse("legal", args=[market.code, market.documents[0]])
        consent.document_title = "Rules"
        captcha: Any = self.fields["captcha"]
        captcha.challenge_url = reverse("api:captcha", args=[market.code])


WRONG = {"email": "jelena at example", "mobile": "011 222", "birth_date": "2026-02-30", "code": "12", "choice": ""}
TYPED = {"text": "Jelena Jovanović", "email": "jelena@mail.example", "mobile": "+381 64 123 45 67"}


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """The design page. The query string sets the switches."""
    market, theme, contrast = _chosen(request)
    brand = brand_of(market.code)
    context = {
        "market": market,
        "brand": brand,
        "logo_url": brand_files.logo(market.code).url,
        "look_url": f"{reverse('design-look')}?{urlencode(_switches(market, theme, contrast))}",
        "switches": _switch_rows(market, theme, contrast),
        "rooms": [Entry(f"#{icon}", label, icon, icon == "home") for label, icon in ROOMS],
        "groups": GROUPS,
        "parts": PARTS,
        "icons": [symbol.partition('"')[0] for symbol in ICONS],
        **_samples(market),
    }
    return render(request, "web/design/page.html", context)


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """The portal's and the brand's style sheets, rewritten for the chosen settings."""
    market, theme, contrast = _chosen(request)
    css = bundles.style_sheet() + brand_files.sheet(market.code).content.decode()
    if theme != "auto":
        other = "light" if theme == "dark" else "dark"
        css = css.replace(f"(prefers-color-scheme: {theme})", "all").replace(
            f"(prefers-color-scheme: {other})", "not all"
        )
        css = css.replace("color-scheme: light dark", f"color-scheme: {theme}")
    if contrast == "more":
        css = css.replace("(prefers-contrast: more)", "all")
    return HttpResponse(css, content_type="text/css; charset=utf-8")


ROOMS = (("Home", "home"), ("Cover", "shield"), ("Claims", "file"), ("Find care", "pin"), ("More", "menu"))


def _chosen(request: HttpRequest) -> tuple[Profile, str, str]:
    """Return the chosen market, theme and contrast; for an unknown value, the first choice."""
    markets = all_markets()
    market = markets.get(request.GET.get("market", ""), next(iter(markets.values())))
    theme, contrast = request.GET.get("theme", ""), request.GET.get("contrast", "")
    return market, theme if theme in THEMES else THEMES[0], contrast if contrast in CONTRASTS else CONTRASTS[0]


def _switches(market: Profile, theme: str, contrast: str) -> dict[str, str]:
    return {"market": market.code, "theme": theme, "contrast": contrast}


def _switch_rows(market: Profile, theme: str, contrast: str) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The rows of chips above the page: a label and its chips (URL, text, whether it is chosen)."""
    now = _switches(market, theme, contrast)
    offered = {
        "market": [(code, brand_of(code).name) for code in all_markets()],
        "theme": [(name, name.capitalize()) for name in THEMES],
        "contrast": [(name, name.capitalize()) for name in CONTRASTS],
    }
    return [
        (
            key.capitalize(),
            [(f"?{urlencode({**now, key: value})}", words, now[key] == value) for value, words in choices],
        )
        for key, choices in offered.items()
    ]


def _samples(market: Profile) -> dict[str, Any]:
    """Invented data for the components that need data."""
    read_only = SampleForm(initial=TYPED, market=market, auto_id="typed_%s")
    for name in ("text", "mobile"):
        read_only.fields[name].disabled = name == "text"
    return {
        "form": SampleForm(market=market),
        "form_with_errors": SampleForm(WRONG, market=market, auto_id="wrong_%s"),
        "form_typed": read_only,
        "facts": [("Policy number", "P-100"), ("Valid until", date(2026, 12, 31))],
        "card_facts": [("Policy", "P-4471902"), ("Plan", "Comfort"), ("Valid until", "31.12.2026")],
        "bar_chart": bar_chart(title="Letters by age", figures=[Figure("one day", 42), Figure("a week or more", 3)]),
        "line_chart": line_chart(
            title="Visits by day", figures=[Figure(f"{day} November", day * 7 % 11) for day in range(1, 15)]
        ),
        "timeline": [
            {"state": "done", "title": "Received", "when": "17 November, two documents"},
            {"state": "now", "kind": "warn", "title": "We need a medical summary", "text": "The clock stands still."},
            {"state": "next", "title": "Decision", "when": "within nine working days"},
        ],
        "document": (
            "<h3>1. What this is</h3><p>A text that scrolls when it is long, and that the keyboard can reach.</p>"
        ),
        "tabs": [("#tabs", "Benefits", True), ("#tabs", "Family", False), ("#tabs", "Documents", False)],
        "actions": [
            Entry("#actions", "Send a claim", "claim"),
            Entry("#actions", "My card", "card"),
            Entry("#actions", "Find care", "pin"),
            Entry("#actions", "Help", "help"),
        ],
        "rows": [("17.11.2026", "Dental check", "4 200,00", "Paid"), ("02.11.2026", "Laboratory", "11 750,50", "Open")],
    }
