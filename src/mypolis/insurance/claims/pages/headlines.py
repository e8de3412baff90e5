"""The first thing on a claim's page: where it is, what comes next and by when."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.foundation.lib.money import format_money
from mypolis.insurance.claims.lifecycle.sentences import sentence_about
from mypolis.insurance.claims.lifecycle.states import ENDED_UNDECIDED, State
from mypolis.insurance.claims.models import day_of
from mypolis.insurance.claims.presenters import ShownClaim
from mypolis.insurance.coverage.plan_books.vocabulary import BenefitType

GRAVE = frozenset({BenefitType.LIFE, BenefitType.DISABILITY, BenefitType.CRITICAL_ILLNESS})
"""Types of benefits that are claimed after a death or a grave illness: their pages are calm, and name a number."""

_LOOKS: Mapping[State, tuple[str, str]] = {
    State.DRAFT: ("info", "edit"),
    State.SUBMITTED: ("info", "clock"),
    State.RECEIVED: ("info", "clock"),
    State.IN_REVIEW: ("info", "clock"),
    State.WAITING: ("warn", "bell"),
    State.ASSESSED: ("info", "clock"),
    State.SECOND_REVIEW: ("info", "clock"),
    State.APPROVED: ("good", "check"),
    State.PARTLY_APPROVED: ("info", "check"),
    State.REJECTED: ("warn", "info"),
    State.TO_BE_PAID: ("good", "wallet"),
    State.PAID: ("good", "check"),
    State.PAYMENT_FAILED: ("warn", "alert"),
    State.WITHDRAWN: ("info", "close"),
    State.LAPSED: ("warn", "clock"),
    State.APPEALED: ("info", "clock"),
    State.DUPLICATE: ("info", "copy"),
}
_GRANTED = frozenset({State.APPROVED, State.PARTLY_APPROVED, State.TO_BE_PAID, State.PAID})


@dataclass(frozen=True)
class Headline:
    """The answer of a claim's page. `kind` and `icon` are those of the component `state`."""

    kind: str
    icon: str
    title: str
    text: str


def is_grave(shown: ShownClaim) -> bool:
    """Whether the claim follows a death or a grave illness."""
    return shown.benefit is not None and shown.benefit.type in GRAVE


def tone_of(shown: ShownClaim) -> str:
    """The tone of a claim's badge and headline; never a bright green after a death."""
    kind, _icon = _LOOKS[shown.claim.in_state]
    return "info" if kind == "good" and is_grave(shown) else kind


def headline(shown: ShownClaim) -> Headline:
    """Where a claim is, in the current language."""
    return Headline(tone_of(shown), _LOOKS[shown.claim.in_state][1], _title(shown), _text(shown))


def what_next(shown: ShownClaim) -> str:
    """What comes next and by when, in one line; empty when nothing does."""
    step = shown.next
    if step is None:
        return ""
    if shown.claim.state == State.WAITING and step.by is not None:
        day = {"day": date_format(step.by, "DATE_FORMAT"), "name": shown.maker_name}
        if shown.maker_name:
            return _("%(name)s can answer our questions by %(day)s. Our deadline is paused until then.") % day
        return _("Please answer our questions by %(day)s.") % day
    if step.by is None:
        return step.text
    facts = {"step": step.text.rstrip("."), "day": date_format(step.by, "DATE_FORMAT")}
    if is_late(shown):
        return _("%(step)s. We are late and we are sorry: we had promised it by %(day)s.") % facts
    return _("%(step)s, by %(day)s at the latest.") % facts


def is_late(shown: ShownClaim) -> bool:
    """Whether the day by which we had promised the next step has passed."""
    step, claim = shown.next, shown.claim
    return claim.state != State.WAITING and step is not None and step.by is not None and step.by < claim.profile.today()


def _title(shown: ShownClaim) -> str:
    state, granted = shown.claim.in_state, shown.granted
    if state == State.PAID and shown.payment is not None:
        return _("We paid %(sum)s") % {"sum": format_money(shown.payment.money)}
    if granted is not None and granted.amount and state in _GRANTED and shown.claim.origin == "member":
        return _("We pay %(sum)s") % {"sum": format_money(granted)}
    if state == State.REJECTED:
        return _("We could not approve this claim")
    if state == State.WAITING:
        about = sentence_about(shown.maker_name, state).rstrip(".") if shown.maker_name else ""
        return about or _("We need something from you")
    return shown.label


def _text(shown: ShownClaim) -> str:
    is_asked = shown.claim.state == State.WAITING and shown.next is not None and not shown.maker_name
    pause = _("Our deadline is paused until you do.") if is_asked else ""
    parts = [what_next(shown), pause, *_of_money(shown), *_of_the_end(shown)]
    return " ".join(part for part in parts if part)


def _of_money(shown: ShownClaim) -> list[str]:
    """Where the money went, and what the member pays of the bill."""
    parts = []
    payment, own = shown.payment, shown.own_share
    if shown.claim.state == State.PAID and payment is not None and payment.at is not None:
        day, account = day_of(payment.at, shown.claim.profile), payment.shown.replace(" ", "\xa0")  # on one line
        facts = {"day": date_format(day, "DATE_FORMAT"), "account": account}
        said = _("On %(day)s, to the account %(account)s.") if payment.shown else _("On %(day)s.")
        parts.append(said % facts)
    if own is not None and own.amount and shown.claim.state in _GRANTED:
        parts.append(_("Your own share is %(sum)s.") % {"sum": format_money(own)})
    return parts


def _of_the_end(shown: ShownClaim) -> list[str]:
    """How a closed claim ended, and what is still possible."""
    state = shown.claim.in_state
    if state in ENDED_UNDECIDED and shown.timeline:
        return [shown.timeline[-1].text]
    if state == State.REJECTED:
        day = shown.claim.appeal_until
        said = [_("You can read why below.")]
        if "appeal" in shown.can and day is not None:
            said.append(_("You can appeal until %(day)s.") % {"day": date_format(day, "DATE_FORMAT")})
        return said
    return []
