"""A claim's timeline, for the component `timeline`: what happened, what is going on, and what comes next."""

import re
from dataclasses import dataclass
from typing import Literal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mypolis.insurance.claims.lifecycle.states import STATE_LABELS, UNDECIDED, State
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.pages.headlines import is_late
from mypolis.insurance.claims.presenters import ShownClaim, TimelineEntry


@dataclass(frozen=True)
class Step:
    """A step of the timeline. `when` is a text; `kind` a tone or empty."""

    state: Literal["done", "now", "next"]
    title: str
    when: str = ""
    text: str = ""
    kind: str = ""


def timeline(shown: ShownClaim) -> list[Step]:
    """All steps of a sent claim, oldest first."""
    return [*(_past(entry, shown.claim) for entry in shown.timeline), *_now(shown), *_coming(shown.claim)]


def _past(entry: TimelineEntry, claim: Claim) -> Step:
    day = timezone.localtime(entry.at, claim.profile.zone)
    return Step("done", str(STATE_LABELS[State(entry.kind)]), date_format(day, "DATE_FORMAT"), entry.text)


def _now(shown: ShownClaim) -> list[Step]:
    step, claim = shown.next, shown.claim
    if step is None:
        return []
    when = _("by %(day)s") % {"day": date_format(step.by, "DATE_FORMAT")} if step.by is not None else ""
    if claim.state == State.WAITING:
        title = _("An answer") if shown.maker_name else _("Your answer")
        return [Step("now", title, when, _pause(claim), "warn")]
    if claim.state == State.PAYMENT_FAILED:
        return [Step("now", _("Another account"), when, step.text, "warn")]
    if is_late(shown):
        return [Step("now", _as_title(step.text), when, _("We are late, and we are sorry."), "warn")]
    return [Step("now", _as_title(step.text), when)]


def _as_title(text: str) -> str:
    """A sentence without its full stop. Several sentences stay as they are, because only the last would lose its."""
    return text.removesuffix(".") if len(re.findall(r"[.?!](?:\s|$)", text)) == 1 else text


def _pause(claim: Claim) -> str:
    """That the promised time is paused, and how much of it is left."""
    left = claim.promise_left
    if left is None:
        return _("The time for our decision begins when we have everything.")
    if claim.profile.claims.decision_in == "calendar":
        said = ngettext(
            "Our deadline is paused while we wait for you. %(days)d day is left.",
            "Our deadline is paused while we wait for you. %(days)d days are left.",
            left,
        )
    else:
        said = ngettext(
            "Our deadline is paused while we wait for you. %(days)d working day is left.",
            "Our deadline is paused while we wait for you. %(days)d working days are left.",
            left,
        )
    return said % {"days": left}


def _coming(claim: Claim) -> list[Step]:
    """What follows the current step."""
    if claim.origin == "clinic":
        return []
    if claim.state in UNDECIDED:
        before = [Step("next", _("Our decision"), text=_decided_in(claim))] if claim.promised_by is None else []
        return [*before, Step("next", _("The payment"), text=_paid_in(claim))]
    return [Step("next", _("The payment"))] if claim.state == State.PAYMENT_FAILED else []


def _decided_in(claim: Claim) -> str:
    if claim.promise_left is not None:
        return ""
    days = claim.profile.claims.decision_days
    if claim.profile.claims.decision_in == "calendar":
        said = ngettext(
            "Within %(days)d day from when we have everything.",
            "Within %(days)d days from when we have everything.",
            days,
        )
    else:
        said = ngettext(
            "Within %(days)d working day from when we have everything.",
            "Within %(days)d working days from when we have everything.",
            days,
        )
    return said % {"days": days}


def _paid_in(claim: Claim) -> str:
    days = claim.profile.claims.payment_days
    said = ngettext(
        "If we approve the claim, we pay within %(days)d day.",
        "If we approve the claim, we pay within %(days)d days.",
        days,
    )
    return said % {"days": days}
