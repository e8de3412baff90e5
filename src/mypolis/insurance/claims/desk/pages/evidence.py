"""What the pages beside a claim show: limits in words, the same bill side by side, what happened and who did it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events.models import Event
from mypolis.foundation.files.models import owner_key
from mypolis.foundation.staff.models import StaffAccount
from mypolis.insurance.claims.desk.facts import Sign, SignFound
from mypolis.insurance.claims.desk.limits_left import LimitLeft
from mypolis.insurance.claims.desk.looking import HELD
from mypolis.insurance.claims.desk.pages.wording import STATES
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.states import ENDED_UNDECIDED, State
from mypolis.insurance.claims.models import Claim, Line, StateChange
from mypolis.insurance.coverage.ledger.usage import LimitUsage
from mypolis.insurance.coverage.plan_books.benefit_texts import limit_in_words, measured, say
from mypolis.insurance.coverage.plan_books.plan import Text

_MOST = 200
_DONE: dict[str, Promise] = {
    ClaimEvent.CLAIM_TAKEN.value: _("Taken in hand"),
    ClaimEvent.CLAIM_PUT_BACK.value: _("Put back"),
    ClaimEvent.CLAIM_HANDED_OVER.value: _("Handed over"),
    ClaimEvent.CLAIM_ASSESSMENT_SAVED.value: _("Assessment changed"),
    ClaimEvent.CLAIM_LOOKED_AT.value: _("Looked at without taking it"),
    ClaimEvent.CLAIM_DECISION_ENTERED.value: _("Decided, not recorded yet"),
    ClaimEvent.CLAIM_DECISION_TAKEN_BACK.value: _("Decision taken back"),
    ClaimEvent.CLAIM_DECISION_STOPPED.value: _("Decision not recorded: something had changed"),
    ClaimEvent.CLAIM_SENT_BACK.value: _("Sent back with a remark"),
}
_BY: dict[str, Promise] = {
    "member": _("the member"),
    "system": _("the system"),
    "partner": _("the core system"),
}
_OPENED_AGAIN = _("Opened again")


@dataclass(frozen=True)
class LimitRow:
    """A limit in words and its benefits: used, reserved and left on the day of treatment, and today ("" if unknown)."""

    name: str
    benefits: str
    is_family: bool
    on_the_day: Sequence[str]
    today: Sequence[str]


@dataclass(frozen=True)
class Pair:
    """A bill of this claim, and the claim with the same one. `can_end`: it looks like the same member's."""

    line: Line | None
    other: Claim
    state: Promise
    can_end: bool


@dataclass(frozen=True)
class Happened:
    """Something that happened: when, what, what the member read about it, and who did it."""

    at: datetime
    what: str | Promise
    text: str
    by: str | Promise


def limit_rows(limits: Iterable[LimitLeft], names: Mapping[str, Text]) -> list[LimitRow]:
    """Limits in words, for the current language; `names` are those of benefits."""
    return [
        LimitRow(
            name=limit_in_words(one.limit, one.currency),
            benefits=", ".join(say(names[key]) for key in one.limit.benefits if key in names),
            is_family=one.is_family,
            on_the_day=_sizes(one, one.on_the_day),
            today=_sizes(one, one.today) if one.today is not None else ("", "", ""),
        )
        for one in limits
    ]


def pairs(claim: Claim, lines: Iterable[Line], signs: Iterable[SignFound]) -> list[Pair]:
    """The bills of a claim that are in others too, side by side."""
    by_key: dict[UUID, Line] = {line.pk: line for line in lines}
    found = [(sign.line, sign.other) for sign in signs if sign.sign == Sign.SAME_BILL]
    return [_pair(claim, by_key.get(key) if key else None, other) for key, other in found if other]


def _pair(claim: Claim, line: Line | None, other: Claim) -> Pair:
    is_same_member = other.account_id is not None and other.account_id == claim.account_id
    is_theirs = other.membership_id == claim.membership_id or is_same_member
    return Pair(line, other, STATES[other.in_state], can_end=is_theirs and other.in_state not in ENDED_UNDECIDED)


def happened(claim: Claim) -> list[Happened]:
    """The newest changes and acts of colleagues, the newest first; three queries."""
    changes = list(StateChange.objects.filter(claim=claim).order_by("-at", "-pk")[:_MOST])
    events = list(Event.objects.filter(subject=owner_key(claim), kind__in=_DONE).order_by("-id")[:_MOST])
    acted = {one.by_id for one in changes if one.by_kind == "staff"} | {one.actor_id for one in events}
    names = _names(acted)
    language = get_language() or claim.profile.default_language
    rows = [
        Happened(one.at, _became(one), one.sentence(language), _who(one.by_kind, one.by_id, names)) for one in changes
    ]
    rows += [Happened(one.at, _did(one), "", _who(one.actor_kind, one.actor_id, names)) for one in events]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _became(change: StateChange) -> Promise:
    """The state that a claim came to. An assessment that goes on to a second person was not sent back."""
    is_first = change.after == State.ASSESSED and change.before == State.IN_REVIEW
    return _("Assessed") if is_first else STATES[State(change.after)]


def _did(event: Event) -> Promise:
    """What a colleague did. Whoever has a claim in hand takes it once, and opens it again on later days."""
    is_holder = event.kind == ClaimEvent.CLAIM_LOOKED_AT.value and event.facts["reason"] == HELD
    return _OPENED_AGAIN if is_holder else _DONE[event.kind]


def _sizes(one: LimitLeft, usage: LimitUsage) -> Sequence[str]:
    return [measured(one.limit, size, one.currency) for size in (usage.used, usage.reserved, usage.left)]


def _names(keys: Iterable[str]) -> dict[str, str]:
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit()]
    return {str(pk): name for pk, name in StaffAccount.objects.filter(pk__in=numbers).values_list("pk", "name")}


def _who(kind: str, key: str, names: dict[str, str]) -> str | Promise:
    return names.get(key, key) if kind == "staff" else _BY.get(kind, kind)
