"""Facts beside a claim: histories of the family and the provider, duplicates, signs that somebody should look twice.

A sign is a fact with a claim to compare. It is no verdict: nothing here decides or rejects.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import Prefetch

from mypolis.foundation.files.models import ReceivedFile, owner_key
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.money import Money
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.insurance.claims.desk.assessment import Assessment
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import PROVIDER_DIGEST, Claim, ClaimQuerySet, Decision
from mypolis.insurance.claims.repeats import repeated
from mypolis.membership.people.models import Membership

MOST = 50
_NEAR: Final = Decimal("0.98")


@dataclass(frozen=True)
class Earlier:
    """An earlier claim of the member or their family. `granted` is None before a decision."""

    claim: UUID
    number: str
    person: str
    is_same_person: bool
    is_same_provider: bool
    benefit: str
    treated_on: date | None
    state: State
    billed: Money | None
    granted: Money | None


@dataclass(frozen=True)
class OfProvider:
    """A claim of another family with the same provider; whose it is stays out."""

    number: str
    sent_at: datetime | None
    state: State
    billed: Money | None
    granted: Money | None


class Sign(StrEnum):
    """Kinds of signs."""

    SAME_BILL = "same_bill"
    SAME_FILE = "same_file"
    AT_THE_LIMIT = "at_the_limit"
    NEW_ACCOUNT = "new_account"
    EDITED_PICTURE = "edited_picture"
    SAVED_LATER = "saved_later"


_TRACES: Mapping[str, Sign] = {"editor": Sign.EDITED_PICTURE, "saved_later": Sign.SAVED_LATER}


@dataclass(frozen=True)
class SignFound:
    """A sign, as far as these apply: the `other` claim to compare, the `line`, this claim's `file` with its `name`, a
    time, a sum."""

    sign: Sign
    other: Claim | None = None
    line: UUID | None = None
    file: UUID | None = None
    name: str = ""
    at: datetime | None = None
    size: Money | None = None


def history_of(claim: Claim, most: int = MOST) -> Sequence[Earlier]:
    """The newest sent claims of the member and their family, without this one; the policy must be loaded."""
    rows = Claim.objects.sent().filter(membership__in=_family_of(claim)).exclude(pk=claim.pk)
    rows = _with_decisions(rows.select_related("membership__person")).order_by("-created_at")
    return [_earlier(row, claim) for row in rows[:most]]


def history_of_provider(claim: Claim, most: int = MOST) -> Sequence[OfProvider]:
    """The newest sent claims of other families with the same provider, found by its digest; nobody is named.

    Providers are members' own words so far, so another spelling is another provider.
    """
    if not claim.provider_key:
        return []
    digests = keyring.current().digests(claim.provider_key, purpose=PROVIDER_DIGEST)
    rows = Claim.objects.filter(provider_digest__in=digests).exclude(membership__in=_family_of(claim))
    return [_of_provider(row) for row in _with_decisions(rows).order_by("-sent_at")[:most]]


def duplicates_of(claim: Claim) -> Mapping[str, Claim]:
    """The claims of the market with the same bills, by the key of this claim's line; to be shown side by side."""
    return repeated(claim)


def signs_of(assessment: Assessment) -> list[SignFound]:
    """All signs about a claim, the same bill elsewhere first."""
    return [*signs_elsewhere(assessment.claim), *signs_here(assessment)]


def signs_elsewhere(claim: Claim) -> list[SignFound]:
    """The signs for which rows are read: the same bill and file in other claims, traces of editing in pictures."""
    same_bill = [SignFound(Sign.SAME_BILL, other=other, line=UUID(key)) for key, other in duplicates_of(claim).items()]
    own = list(ReceivedFile.objects.of(claim).order_by("received_at"))
    return [*same_bill, *_same_files(claim, own), *_traces(own)]


def signs_here(assessment: Assessment) -> list[SignFound]:
    """The signs in the claim itself, found without a query: a bill of a limit's size, an account that is new."""
    return [*_at_the_limit(assessment), *_new_account(assessment.claim)]


def _family_of(claim: Claim) -> set[int]:
    family = Membership.objects.in_families_of([claim.membership]).values_list("pk", flat=True)
    return {*family, claim.membership_id}


def _with_decisions(rows: ClaimQuerySet) -> ClaimQuerySet:
    return rows.prefetch_related(Prefetch("decisions", Decision.objects.prefetch_related("lines")))


def _of_provider(row: Claim) -> OfProvider:
    return OfProvider(row.number, row.sent_at, row.in_state, _billed(row), _granted(row))


def _billed(row: Claim) -> Money | None:
    return Money(row.billed, row.billed_in) if row.billed is not None and row.billed_in else None


def _granted(row: Claim) -> Money | None:
    decision = row.last_decision
    lines = list(decision.lines.all()) if decision is not None else []
    return Money(sum((line.granted for line in lines), Decimal(0)), lines[0].currency) if lines else None


def _earlier(row: Claim, claim: Claim) -> Earlier:
    provider = fold_reference(row.provider)
    return Earlier(
        claim=row.pk,
        number=row.number,
        person=row.membership.person.display_name,
        is_same_person=row.membership.person_id == claim.membership.person_id,
        is_same_provider=bool(provider) and provider == fold_reference(claim.provider),
        benefit=row.benefit,
        treated_on=row.treated_on,
        state=row.in_state,
        billed=_billed(row),
        granted=_granted(row),
    )


def _same_files(claim: Claim, own: Sequence[ReceivedFile]) -> Iterable[SignFound]:
    """The same bytes in another claim of the market; what a member sends again with their own claim is no sign."""
    others = ReceivedFile.objects.filter(market=claim.market).exclude(owner=owner_key(claim))
    found = others.with_contents(*(file.sha256 for file in own)).order_by("received_at")[:MOST]
    by_owner = {file.owner: file for file in found}
    prefix = owner_key(claim).removesuffix(str(claim.pk))
    keys = {owner.removeprefix(prefix) for owner in by_owner if owner.startswith(prefix)} - {str(claim.related_id)}
    contents = {file.sha256: file.pk for file in own}
    for other in Claim.objects.sent().filter(pk__in=keys).order_by("sent_at"):
        file = by_owner[owner_key(other)]
        yield SignFound(Sign.SAME_FILE, other=other, file=contents.get(file.sha256))


def _traces(own: Iterable[ReceivedFile]) -> Iterable[SignFound]:
    """Pictures whose own notes say that a program for editing saved them, or that they changed after they were taken.

    Only the word that the check kept is known here; most edited pictures have no such notes, and many harmless ones do.
    """
    for file in own:
        if file.trace in _TRACES:
            yield SignFound(_TRACES[file.trace], file=file.pk, name=file.name)


def _at_the_limit(assessment: Assessment) -> Iterable[SignFound]:
    """Bills of a limit's size, or a little less: limits per visit, day, case or item, which a provider may know."""
    for line in assessment.lines:
        if line.plan is None or line.proposed is None:
            continue
        limits = [one for one in line.plan.limits_on(line.proposed.line.benefit) if one.measure == "amount"]
        for limit in limits:
            if limit.per not in ("year", "lifetime") and limit.size * _NEAR <= line.billed <= limit.size:
                size = Money(limit.size, line.plan.currency)
                yield SignFound(Sign.AT_THE_LIMIT, line=line.line.pk, size=size)
                break


def _new_account(claim: Claim) -> Iterable[SignFound]:
    if claim.pay_to is not None and claim.pay_to.is_recently_changed:
        yield SignFound(Sign.NEW_ACCOUNT, at=claim.pay_to.added_at)
