"""The components that pages use most, as tags: `{% button label=sign_in url=signin_url %}`.

They are built in, so templates do not load them. Each tag draws the template of its name in `web/components/`, which
sees only the tag's arguments. The design page shows every component.
"""

from django import template
from django.utils.functional import Promise

register = template.Library()

type Text = str | Promise
type Context = dict[str, object]


@register.inclusion_tag("web/components/icon.html")
def icon(name: str) -> Context:
    """Draw a symbol of icons.svg. It is only decoration: put a text beside it."""
    return {"name": name}


@register.inclusion_tag("web/components/badge.html")
def badge(text: Text, kind: str = "") -> Context:
    """Draw the state of something in a word or two. kind: good, warn, info, brand or nothing."""
    return {"text": text, "kind": kind}


@register.inclusion_tag("web/components/button.html")
def button(
    *,
    label: Text,
    url: str = "",
    kind: str = "",
    icon: str = "",
    wide: bool = False,
    name: str = "",
    value: str = "",
    disabled: bool = False,
) -> Context:
    """Draw a link that looks like a button, or a submit button if there is no `url`."""
    looks = {"label": label, "url": url, "kind": kind, "icon": icon, "wide": wide}
    return {**looks, "name": name, "value": value, "disabled": disabled}


@register.inclusion_tag("web/components/card.html")
def card(*, url: str, title: Text, text: Text = "", icon: str = "", image: str = "", level: str = "h2") -> Context:
    """Draw a card that is a link. image: the URL of a picture, in place of the icon."""
    return {"url": url, "title": title, "text": text, "icon": icon, "image": image, "level": level}


@register.inclusion_tag("web/components/list_row.html")
def list_row(
    *,
    title: Text,
    text: Text = "",
    url: str = "",
    icon: str = "",
    value: Text = "",
    value_note: Text = "",
    badge: Text = "",
    badge_kind: str = "",
) -> Context:
    """Draw a row of `<ul class="list">`. With a `url` the whole row is a link."""
    row = {"title": title, "text": text, "url": url, "icon": icon, "value": value, "value_note": value_note}
    return {**row, "badge": badge, "badge_kind": badge_kind}


@register.inclusion_tag("web/components/notice.html")
def notice(
    *,
    kind: str = "info",
    title: Text = "",
    text: Text = "",
    url: str = "",
    label: Text = "",
    role: str = "",
    focus: str = "",
    brand: object = None,
) -> Context:
    """Draw what the reader should know now. The template says what `role`, `focus` and `brand` are for."""
    said = {"kind": kind, "title": title, "text": text, "url": url, "label": label}
    return {**said, "role": role, "focus": focus, "brand": brand}


@register.inclusion_tag("web/components/state.html")
def state(*, kind: str, icon: str, title: Text, text: Text = "") -> Context:
    """Draw the answer to the page's question, at a glance."""
    return {"kind": kind, "icon": icon, "title": title, "text": text}


@register.inclusion_tag("web/components/bar.html")
def bar(*, label: Text, left: Text, note: Text = "", used: int = 0, held: int = 0, kind: str = "") -> Context:
    """Draw a limit as a bar. used and held: whole per cent of the total."""
    return {"label": label, "left": left, "note": note, "used": used, "held": held, "kind": kind}
