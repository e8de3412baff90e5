"""The living design page: every component in every state, in the look of each market. Demo and tests only."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mypolis.markets import all_markets
from mypolis.web import fields
from mypolis.web.brand import brand_of

ICONS = (
    *("home", "shield", "file", "pin", "dots", "help", "check", "alert", "info", "globe", "out", "phone", "mail"),
    *("user", "eye", "lock", "clock", "search", "next", "back"),
)


class SampleForm(forms.Form):
    """One field of each kind."""

    text = fields.TextField(label="Text", help_text="A hint beneath the label.")
    email = fields.EmailField(label="E-mail", required=False)
    mobile = fields.MobileField(region="RS", label="Mobile phone")
    birth_date = fields.BirthDateField(label="Date of birth")
    code = fields.CodeField(label="Code")
    password = fields.PasswordField(label="Password", new=True)
    choice = fields.ChoiceField(label="Choice", choices=[("a", "One"), ("b", "Another")])
    consent = fields.ConsentField(document="rules", label="I accept the rules")
    captcha = fields.CaptchaField()


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """`?market=ru` chooses the brand; the first market's otherwise."""
    markets = all_markets()
    chosen = markets.get(request.GET.get("market", ""), next(iter(markets.values())))
    context = {
        "market": chosen,
        "brand": brand_of(chosen.code),
        "logo_url": reverse("logo", args=[chosen.code]),
        "form": SampleForm(),
        "form_with_errors": SampleForm({"email": "jelena at example", "mobile": "011 222", "birth_date": "2026-02-30"}),
        "rooms": [("#rooms", "Home", "home", True), ("#rooms", "Cover", "shield", False)],
        "facts": [("Policy number", "P-100"), ("Valid until", "31 December 2026")],
        "icons": ICONS,
        "brands": [(f"?market={code}", brand_of(code).short_name) for code in markets],
    }
    return render(request, "web/design.html", context)
