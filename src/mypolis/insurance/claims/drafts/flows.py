"""Begins, saves and discards drafts. Every save is made under the version that the member saw."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.files.receiving import remove_received
from mypolis.foundation.guards.flows import spend
from mypolis.insurance.bank_accounts import access as bank_accounts
from mypolis.insurance.claims import access
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.drafts.fields import detail_names
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.states import NotAllowed, State
from mypolis.insurance.claims.limits import CLAIMS_STARTED
from mypolis.insurance.claims.models import Claim, Line, StateChange
from mypolis.insurance.claims.payees import payee_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import Claimable, NotSeen, may_claim

MOST_LINES = 50
_PLAIN = ("benefit", "treated_on", "until", "provider", "diagnosis")


class Stale(Exception):
    """Another device saved the draft meanwhile; `claim` is the newer one."""

    def __init__(self, claim: Claim) -> None:
        super().__init__("the draft was saved elsewhere")
        self.claim = claim


class UnknownBenefit(Exception):
    """The plan of this membership does not have the benefit."""


class UnknownCase(Exception):
    """The member may not name this claim as an earlier one of the same stay or pregnancy."""


class TooManyLines(Exception):
    """A claim has at most `MOST_LINES` bills."""


@dataclass(frozen=True, kw_only=True)
class LineData:
    """A bill as typed. Values that are missing are None.

    `id` names a line of this draft, or becomes the id of a new line, so that a request that is sent twice adds one
    line. If it is None, or a line of another claim has it, the new line gets another id.
    """

    id: UUID | None = None
    date: datetime.date | None = None
    until: datetime.date | None = None
    benefit: str = ""
    text: str = ""
    number: str = ""
    count: int = 1
    same_case_as: UUID | None = None
    in_network: bool | None = None
    amount: Decimal | None = None
    currency: str = ""
    read_from: str = "typed"


@transaction.atomic
def start(*, account: Account, membership: str, benefit: str, by: Actor, key: UUID | None = None) -> Claim:
    """Begin a draft for a membership for which the member may claim, within the member's limit. See `begin`.

    Raises UnknownClaim (no such membership), UnknownBenefit, LimitReached.
    """
    allowed = _require_claimable(account, membership)
    spend(CLAIMS_STARTED, str(account.pk), market=account.market)  # its lock lets a second request wait for the first
    return _begin(account, allowed, membership, benefit, key, by=by)


@transaction.atomic
def begin(*, account: Account, membership: str, benefit: str, by: Actor, key: UUID | None = None) -> Claim:
    """Begin a draft like `start`, for callers that have a limit of their own. `benefit` may be empty.

    `key` becomes its id, so that a request that is sent twice begins one draft. The claim will be paid to the account
    that is chosen for payments, unless the member chooses another. Raises UnknownClaim (no such membership),
    UnknownBenefit.
    """
    return _begin(account, _require_claimable(account, membership), membership, benefit, key, by=by)


def _begin(
    account: Account, allowed: Claimable, membership: str, benefit: str, key: UUID | None, *, by: Actor
) -> Claim:
    known = Claim.objects.filter(pk=key).first() if key is not None else None
    if known is not None and known.account_id == account.pk:
        return known
    row = next(one for one in allowed.memberships if str(one.pk) == membership)
    permission = allowed.mandate or allowed.consent
    claim = Claim(
        id=key if key is not None and known is None else uuid4(),
        market=account.market,
        membership=row,
        account=account,
        basis=permission.pk if permission is not None else None,
        benefit=benefit,
    )
    if benefit and benefit_of(claim) is None:
        raise UnknownBenefit
    claim.pay_to = bank_accounts.default_account(payee_of(claim, account))
    claim.save(force_insert=True)
    StateChange.objects.create(claim=claim, after=State.DRAFT, by_kind=by.kind, by_id=by.id)
    record(ClaimEvent.CLAIM_STARTED, market=claim.market, by=by, subject=claim)
    return claim


@transaction.atomic
def save(*, account: Account, claim: UUID, version: int, changes: Mapping[str, Any], by: Actor) -> Claim:
    """Save fields of a draft under the version that the member saw; returns the draft with its new version.

    `changes` maps names of fields to values: those of `Claim`, `details` (merged key by key), `lines` (all of them,
    as `LineData`) and `pay_to` (id of a bank account, or None). Saving what is there already changes nothing.
    Raises UnknownClaim, NotAllowed, Stale, UnknownBenefit, UnknownCase, UnknownBankAccount, TooManyLines.
    """
    draft = access.own(account, claim)
    if not draft.is_draft:
        raise NotAllowed(draft.in_state, "edit")
    if draft.version != version:
        raise Stale(draft)
    changed = [name for name in _PLAIN if name in changes and _set(draft, name, changes[name])]
    if "benefit" in changed and benefit_of(draft) is None:
        raise UnknownBenefit
    if _set(draft, "details", draft.details | _details(changes)):
        changed.append("details")
    if "pay_to" in changes and _set_account(draft, account, changes["pay_to"]):
        changed.append("pay_to")
    lines_changed = "lines" in changes and _save_lines(draft, account, changes["lines"])
    if changed or lines_changed:
        draft.version += 1
        draft.touched_at, draft.warned_at = timezone.now(), None
        draft.save(update_fields=[*changed, "version", "touched_at", "warned_at"])
        names = [*changed, *(["lines"] if lines_changed else [])]
        record(ClaimEvent.CLAIM_SAVED, market=draft.market, by=by, subject=draft, fields=",".join(names))
    return draft


@transaction.atomic
def save_newest(
    *, account: Account, claim: UUID, changes: Mapping[str, Any] | Callable[[Claim], Mapping[str, Any]], by: Actor
) -> Claim:
    """Save fields, whichever version the member saw: for a choice that does not depend on what the page showed.

    `changes` may be a function of the locked draft. Raises what `save` raises, except Stale.
    """
    draft = access.own(account, claim)
    given = changes(draft) if callable(changes) else changes
    return save(account=account, claim=claim, version=draft.version, changes=given, by=by)


def choose_account(*, account: Account, claim: UUID, bank_account: UUID, by: Actor) -> Claim:
    """Choose the bank account to which a draft is paid. Raises UnknownClaim, NotAllowed, UnknownBankAccount."""
    return save_newest(account=account, claim=claim, changes={"pay_to": bank_account}, by=by)


@transaction.atomic
def touch(draft: Claim, *, by: Actor) -> None:
    """Give a draft a new version after a change of its files. The caller locks the draft."""
    draft.version += 1
    draft.touched_at, draft.warned_at = timezone.now(), None
    draft.save(update_fields=["version", "touched_at", "warned_at"])
    record(ClaimEvent.CLAIM_SAVED, market=draft.market, by=by, subject=draft, fields="documents")


@transaction.atomic
def remove_file(*, account: Account, claim: UUID, file: UUID, by: Actor) -> Claim:
    """Remove a file from a draft. Does nothing when it is gone already. Raises UnknownClaim, NotAllowed."""
    draft = access.own(account, claim)
    if not draft.is_draft:
        raise NotAllowed(draft.in_state, "edit")
    found = ReceivedFile.objects.of(draft).filter(pk=file).first()
    if found is not None:
        remove_received(received=found, by=by)
        touch(draft, by=by)
    return draft


@transaction.atomic
def discard(*, account: Account, claim: UUID, by: Actor) -> None:
    """Delete a draft with its files. Raises UnknownClaim, NotAllowed."""
    draft = access.own(account, claim)
    if not draft.is_draft:
        raise NotAllowed(draft.in_state, "discard")
    delete(draft, by=by)


def delete(draft: Claim, *, by: Actor) -> None:
    """Delete a locked draft with its files, inside the caller's transaction."""
    for received in ReceivedFile.objects.of(draft):
        remove_received(received=received, by=by)
    record(ClaimEvent.CLAIM_DISCARDED, market=draft.market, by=by, subject=draft)
    draft.delete()


def _require_claimable(account: Account, membership: str) -> Claimable:
    try:
        return may_claim(account, membership)
    except NotSeen:
        raise access.UnknownClaim from None


def _set(draft: Claim, name: str, value: Any) -> bool:
    if getattr(draft, name) == value:
        return False
    setattr(draft, name, value)
    return True


def _details(changes: Mapping[str, Any]) -> dict[str, Any]:
    given = changes.get("details") or {}
    unknown = set(given) - detail_names()
    if unknown:
        raise ValueError(f"unknown details: {sorted(unknown)}")
    return dict(given)


def _set_account(draft: Claim, account: Account, wanted: UUID | None) -> bool:
    found = bank_accounts.find(payee_of(draft, account), wanted) if wanted is not None else None
    return _set(draft, "pay_to", found)


def _save_lines(draft: Claim, account: Account, given: Sequence[LineData]) -> bool:
    if len(given) > MOST_LINES:
        raise TooManyLines
    _require_cases(draft, account, {one.same_case_as for one in given if one.same_case_as is not None})
    here = {line.pk: line for line in draft.lines.all()}
    wanted = {one.id for one in given if one.id is not None}
    gone, strange = set(here) - wanted, wanted - set(here)
    taken = set(Line.objects.filter(pk__in=strange).values_list("pk", flat=True)) if strange else set()
    if gone:
        draft.lines.filter(pk__in=gone).delete()
    new, changed = [], []
    for place, one in enumerate(given):
        line = here.get(one.id) if one.id is not None else None
        if line is None:
            line = Line(claim=draft, id=uuid4() if one.id is None or one.id in taken else one.id)
            new.append(line)
        elif any(getattr(line, name) != value for name, value in _values(one, place).items()):
            changed.append(line)
        for name, value in _values(one, place).items():
            setattr(line, name, value)
    Line.objects.bulk_update(changed, [name.removesuffix("_id") for name in _values(LineData(), 0)])
    Line.objects.bulk_create(new)
    return bool(gone or new or changed)


def _values(given: LineData, place: int) -> dict[str, Any]:
    names = {field.name for field in fields(given)} - {"id", "same_case_as"}
    found: dict[str, Any] = {name: getattr(given, name) for name in sorted(names)}
    return {**found, "place": place, "same_case_as_id": given.same_case_as}


def _require_cases(draft: Claim, account: Account, wanted: set[UUID]) -> None:
    """Raise UnknownCase unless these are earlier claims of this member about the same person."""
    if not wanted:
        return
    known = access.claims_of(account).filter(pk__in=wanted, membership__person=draft.membership.person_id)
    if draft.pk in wanted or known.count() < len(wanted):
        raise UnknownCase
