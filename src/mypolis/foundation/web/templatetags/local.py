"""`{% load local %}`: format amounts, phone numbers, languages and names for the page's language and market."""

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.utils.functional import Promise

from mypolis.foundation.lib.documents.qr import qr_drawing
from mypolis.foundation.lib.money import Money, format_money
from mypolis.foundation.lib.phones import format_phone
from mypolis.foundation.lib.text.masking import unbroken
from mypolis.foundation.web.branding.support import CALL_US, ONLY_CALL
from mypolis.foundation.web.document_names import DOCUMENT_NAMES

register = template.Library()

# Two-letter names of languages, where they differ from the code.
_SIGNS = {"sr-cyrl": "ср", "ru": "ру"}


@register.filter
def document_name(key: str) -> str | Promise:
    """`{{ key|document_name }}`: the name of a legal text of the market; of an unknown one the key."""
    return DOCUMENT_NAMES.get(key, key)


@register.filter
def money(value: Money | None) -> str:
    """`{{ limit|money }}`; an empty text for None."""
    return "" if value is None else format_money(value)


@register.filter
def says_call(form: BaseForm) -> bool:
    """`{% if form|says_call %}`: whether an error of the form may tell people to contact support."""
    return any(error.code in CALL_US for errors in form.errors.as_data().values() for error in errors)


@register.filter
def only_call(form: object) -> bool:
    """`{% if form|only_call %}`: whether only a call helps after an error of the form. A page without a form: no."""
    if not isinstance(form, BaseForm):
        return False
    return any(error.code in ONLY_CALL for errors in form.errors.as_data().values() for error in errors)


@register.filter
def error_target(field: BoundField) -> str:
    """`#{{ field|error_target }}`: the id of the element that an error of the field links to."""
    suffixes = {"choice": "_0", "captcha": "_box"}  # of choices the first; of the captcha the visible box
    return f"{field.auto_id}{suffixes.get(getattr(field.field, 'kind', ''), '')}"


@register.filter
def phone(e164: str, region: str) -> str:
    """`{{ account.mobile|phone:market.region }}`: the national format, or the international one for foreign numbers."""
    return format_phone(e164, region=region) if e164 else ""


register.filter("unbroken", unbroken)
register.filter("qr", qr_drawing)


@register.filter
def language_tag(code: str) -> str:
    """Convert Django's "sr-cyrl" to BCP 47: "sr-Cyrl"."""
    return "-".join(part.capitalize() if len(part) == 4 else part for part in code.split("-"))


@register.filter
def language_name(code: str) -> str:
    """How a language calls itself: "Srpski", "Русский"."""
    return str(dict(settings.LANGUAGES)[code])


@register.filter
def language_sign(code: str) -> str:
    """The two-letter name of a language in its own script: "sr", "ср"."""
    return _SIGNS.get(code, code[:2])
