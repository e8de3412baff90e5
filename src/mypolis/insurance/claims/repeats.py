"""Finds bills that were sent before, by a keyed digest of their number, date, amount and provider."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from mypolis.foundation.lib.crypto import keyring
from mypolis.insurance.claims.lifecycle.states import ENDED_UNDECIDED, State
from mypolis.insurance.claims.models import BILL_DIGEST, Claim, ClaimQuerySet, Line, Payment

_NO_REPEAT = ENDED_UNDECIDED | {State.DRAFT}


def remember_lines(claim: Claim) -> None:
    """Store the digest of each bill that has a number, a date and an amount."""
    lines = list(claim.lines.all())
    for line in lines:
        line.remember()
    Line.objects.bulk_update(lines, ["repeat_digest"])


def repeated(claim: Claim, among: Iterable[Claim] | None = None) -> dict[str, Claim]:
    """The claims that have the same bills as this one, by the key of this claim's line.

    `among` are the claims that the member may see. Without it, all claims of the market are searched: never show
    those to a member.
    """
    ring = keyring.current()
    lines: dict[bytes, list[str]] = defaultdict(list)
    for line in claim.lines.all():
        for digest in ring.digests(line.bill, purpose=BILL_DIGEST) if line.bill else ():
            lines[digest].append(str(line.pk))
    rows = _sent_with(lines, market=claim.market).exclude(claim=claim)
    if among is not None:
        rows = rows.filter(claim__in=among)
    found: dict[str, Claim] = {}
    for row in rows.select_related("claim").order_by("claim__sent_at"):
        for key in lines[bytes(row.repeat_digest or b"")]:
            found.setdefault(key, row.claim)
    return found


def repeating(claims: Collection[Claim]) -> frozenset[UUID]:
    """The sent claims of a market that may be paid twice; in three queries.

    They have a bill twice, or one that another claim has, too, or they repeat a claim that is not over: a rejected
    claim can be sent again and appealed.
    """
    ring = keyring.current()
    bills: dict[bytes, list[Line]] = defaultdict(list)
    for line in Line.objects.filter(claim__in=claims, repeat_digest__isnull=False).select_related("claim"):
        for digest in ring.digests(line.bill, purpose=BILL_DIGEST):
            bills[digest].append(line)
    again = Claim.objects.filter(pk__in=[claim.pk for claim in claims], related__isnull=False)
    found = set(
        again.filter(Exists(_payable(Claim.objects.filter(pk=OuterRef("related"))))).values_list("pk", flat=True)
    )
    if not bills:
        return frozenset(found)
    rows = _sent_with(bills, market=next(iter(claims)).market)
    for key, same in rows.values_list("pk", "repeat_digest"):
        found |= {line.claim_id for line in bills[bytes(same or b"")] if line.pk != key}
    return frozenset(found)


def _sent_with(digests: Iterable[bytes], *, market: str) -> QuerySet[Line]:
    """Bills with these digests in claims that were paid, or still can be."""
    rows = Line.objects.filter(repeat_digest__in=list(digests), claim__market=market)
    return rows.filter(Exists(_payable(Claim.objects.filter(pk=OuterRef("claim")))))


def _payable(claims: ClaimQuerySet) -> ClaimQuerySet:
    """Those that were paid, or still can be. One may be rejected after it was paid, and what was paid stays paid."""
    paid = Payment.objects.filter(claim=OuterRef("pk")).exclude(state=Payment.FAILED)
    return claims.exclude(state__in=_NO_REPEAT).exclude(~Exists(paid), state=State.REJECTED)
