"""Finds the same bill again: by a keyed digest of its number, date, amount and provider."""

from collections.abc import Iterable

from mypolis.foundation.lib.crypto import keyring
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import BILL_DIGEST, Claim, Line

_NO_REPEAT = (State.DRAFT, State.WITHDRAWN, State.LAPSED, State.REJECTED, State.DUPLICATE)


def remember_lines(claim: Claim) -> None:
    """Store the digest of each bill that has a number, a date and an amount."""
    lines = list(claim.lines.all())
    for line in lines:
        line.remember()
    Line.objects.bulk_update(lines, ["repeat_digest"])


def repeated(claim: Claim, among: Iterable[Claim] | None = None) -> dict[str, Claim]:
    """Bills of this claim that another claim has: that claim, by the key of the line.

    `among` are the claims that the caller may see; without it, all claims of the market, for the desk only.
    """
    ring = keyring.current()
    bills = {str(line.pk): line.bill for line in claim.lines.all() if line.bill}
    digests = {key: ring.digests(bill, purpose=BILL_DIGEST) for key, bill in bills.items()}
    wanted = [digest for found in digests.values() for digest in found]
    rows = Line.objects.filter(repeat_digest__in=wanted, claim__market=claim.market).exclude(claim=claim)
    if among is not None:
        rows = rows.filter(claim__in=among)
    first: dict[bytes, Claim] = {}
    for row in rows.exclude(claim__state__in=_NO_REPEAT).select_related("claim").order_by("claim__sent_at"):
        if row.repeat_digest is not None:
            first.setdefault(bytes(row.repeat_digest), row.claim)
    known = {key: next((first[digest] for digest in found if digest in first), None) for key, found in digests.items()}
    return {key: other for key, other in known.items() if other is not None}
