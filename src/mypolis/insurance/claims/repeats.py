"""Finds bills that were sent before, by a keyed digest of their number, date, amount and provider."""

from collections import defaultdict
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
    """The claims that have the same bills as this one, by the key of this claim's line.

    `among` are the claims that the member may see. Without it, all claims of the market are searched: never show
    those to a member.
    """
    ring = keyring.current()
    lines: dict[bytes, list[str]] = defaultdict(list)
    for line in claim.lines.all():
        for digest in ring.digests(line.bill, purpose=BILL_DIGEST) if line.bill else ():
            lines[digest].append(str(line.pk))
    rows = Line.objects.filter(repeat_digest__in=list(lines), claim__market=claim.market).exclude(claim=claim)
    if among is not None:
        rows = rows.filter(claim__in=among)
    found: dict[str, Claim] = {}
    for row in rows.exclude(claim__state__in=_NO_REPEAT).select_related("claim").order_by("claim__sent_at"):
        for key in lines[bytes(row.repeat_digest or b"")]:
            found.setdefault(key, row.claim)
    return found
