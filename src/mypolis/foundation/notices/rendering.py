"""Renders messages from a template, a language, a brand and a few values.

An e-mail template is a subset of Markdown: `# subject`, paragraphs, `> ` for text to copy, and `[label](address)`
alone on its line. Plain text and HTML come from the same template.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, Engine
from django.utils import formats, timezone, translation
from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from mypolis.foundation.lib.text.cyrillic import WRITTEN_FROM
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.notices.catalogue import Value
from mypolis.foundation.notices.gateways import Email, Sms
from mypolis.foundation.notices.models import Message
from mypolis.foundation.notices.sms.sms_length import in_plain_letters, is_gsm
from mypolis.foundation.rooms import all_rooms
from mypolis.foundation.web.branding.brand import Brand, brand_of
from mypolis.foundation.web.branding.hours import zone_name

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LINK = re.compile(r"^\[(.+)\]\((\S+)\)$", re.MULTILINE)
_RULE = "\n---\n"
_QUOTE = re.compile(r"^> ?", re.MULTILINE)


@dataclass(frozen=True)
class RenderedEmail:
    """The contents of an e-mail."""

    subject: str
    text: str
    html: str


def parcel_of(message: Message) -> Email | Sms:
    """The message in the form that its gateway needs; a decoy has no recipient."""
    brand, to = brand_of(message.market), message.to or ""
    given = (message.market, message.language, message.template, message.context or {})
    if message.channel == "sms":
        return Sms(id=message.pk, to=to, text=render_sms(*given), sender=brand.sender_sms)
    email = render_email(*given)
    return Email(
        id=message.pk,
        to=to,
        sender=brand.sender_email,
        sender_name=brand.name,
        reply_to=brand.support.email,
        subject=email.subject,
        text=email.text,
        html=email.html,
        language=message.language,
        host=portal_host(),
    )


def render_email(market: str, language: str, template: str, context: Mapping[str, Value]) -> RenderedEmail:
    """Render an e-mail. Raises TemplateDoesNotExist, or ValueError when it has no subject."""
    brand = brand_of(market)
    with translation.override(language), timezone.override(profile_of(market).zone):
        words = _words(context, brand, market)
        subject, text = _split(_render(f"{template}.md", words))
        _, source = _split(_render(f"{template}.md", {key: _literal(value) for key, value in words.items()}))
        body, _, foot = source.partition(_RULE)
        layout = {
            "subject": subject,
            "body": _as_html(body, brand),
            "foot": _as_html(foot, brand),
            "brand": brand,
            "light": _colours(brand.colours),
            "dark": _colours(brand.colours | brand.dark_colours),
            "language": language,
        }
        html = _render("email.html", layout, autoescape=True)
    return RenderedEmail(subject, _as_text(text), html)


def render_sms(market: str, language: str, template: str, context: Mapping[str, Value]) -> str:
    """Render an SMS, in one segment of 160 characters if its letters allow. Raises TemplateDoesNotExist.

    Serbian is sent in plain Latin letters, whatever script the pages use. If only the insurer's short name is outside
    the SMS alphabet, as in English for a Russian insurer, the sender's name replaces it.
    """
    brand = brand_of(market)
    with translation.override(WRITTEN_FROM.get(language, language)), timezone.override(profile_of(market).zone):
        words = _words(context, brand, market, moment="SHORT_DATETIME_FORMAT")
        for name in (brand.short_name, brand.sender_sms):
            source = _render(f"{template}.sms.txt", {**words, "brand_short_name": name}).strip()
            if is_gsm(text := in_plain_letters(source)):
                return text
        return _render(f"{template}.sms.txt", words).strip()


def portal_host() -> str:
    """The portal's host name without a port; origin-bound codes and Message-ID end with it."""
    return urlsplit(settings.MYPOLIS.public_url).hostname or "localhost"


@cache
def _engine() -> Engine:
    folders = [str(Path(room.path) / "templates") for room in all_rooms()]
    return Engine(dirs=folders, builtins=["django.templatetags.i18n", "mypolis.foundation.web.templatetags.local"])


def _render(name: str, words: Mapping[str, object], *, autoescape: bool = False) -> str:
    return _engine().get_template(f"notices/{name}").render(Context(dict(words), autoescape=autoescape))


def _words(
    context: Mapping[str, Value], brand: Brand, market: str, *, moment: str = "DATETIME_FORMAT"
) -> dict[str, Value]:
    words: dict[str, Value] = {
        **context,
        "brand_name": brand.name,
        "brand_short_name": brand.short_name,
        "support_phone": brand.support.phone,
        "support_phones": "; ".join(phone.line for phone in brand.support.phones),
        "support_email": brand.support.email,
        "host": portal_host(),
    }
    if "when" in words:
        words["when"] = _moment(str(words["when"]), market, moment)
    if "day" in words:
        words["day"] = formats.date_format(date.fromisoformat(str(words["day"])), "DATE_FORMAT")
    return {key: _one_line(value) if isinstance(value, str) else value for key, value in words.items()}


def _moment(iso: str, market: str, form: str) -> str:
    local = datetime.fromisoformat(iso).astimezone(profile_of(market).zone)
    return f"{formats.date_format(local, form)} ({zone_name(local)})"


def _one_line(value: str) -> str:
    """The value without line breaks, control and direction characters, so that it cannot add a line or a header."""
    line = " ".join(value.split())
    return "".join(sign for sign in line if unicodedata.category(sign)[0] != "C")


def _literal(value: Value) -> Value:
    """The value escaped for Markdown, so that a name cannot become a link."""
    return _PUNCTUATION.sub(r"\\\1", value) if isinstance(value, str) else value


def _split(source: str) -> tuple[str, str]:
    first, _, body = source.strip().partition("\n")
    if not first.startswith("# "):
        raise ValueError("the first line of an e-mail must be its subject: # …")
    return first.removeprefix("# ").strip(), body.strip()


def _as_html(source: str, brand: Brand) -> SafeString:
    """Markdown as HTML. The first link alone on its line becomes the button. The renderer itself escapes HTML.

    The insurer's phone and address become links without line breaks; mail programs are told not to make their own.
    """
    tokens = _MARKDOWN.parse(source)
    alone = (token.children for token in tokens if token.children and token.children[0].type == "link_open")
    if first := next(alone, None):
        first[0].attrSet("class", "button")
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    links: dict[str, str] = {escape(phone.number): phone.href for phone in brand.support.phones}
    links[escape(brand.support.email)] = f"mailto:{brand.support.email}"
    contacts = re.compile("|".join(re.escape(shown) for shown in sorted(links, key=len, reverse=True)))
    return SafeString(contacts.sub(lambda found: _contact_link(found[0], links[found[0]]), html))


def _contact_link(shown: str, href: str) -> str:
    return f'<a class="contact" href="{escape(href)}">{shown}</a>'


def _colours(colours: Mapping[str, str]) -> dict[str, str]:
    """The brand's colour tokens under names that a template can use."""
    return {name.replace("-", "_"): value for name, value in colours.items()}


def _as_text(source: str) -> str:
    text = _QUOTE.sub("    ", _LINK.sub(r"\1:\n\2", source))
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"
