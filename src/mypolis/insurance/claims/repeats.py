"""Finds the same bill again: by a keyed digest of its number, date, amount and provider."""

from collections.abc import Iterable

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.insurance.claims.models import Claim, Line
from mypolis.insurance.claims.states import State

_PURPOSE = "claims.bill"
_NO_REPEAT = (State.DRAFT, State.WITHDRAWN, State.LAPSED, State.REJECTED, State.DUPLICATE)


def remember_lines(claim: Claim) -> None:
    """Store the digest of each bill that has a number, a date and an amount."""
    for line in claim.lines.all():
        text = _text(claim, line)
        line.repeat_key = keyring.current().digest(text, purpose=_PURPOSE) if text else None
        line.save(update_fields=["repeat_key"])


def repeated(claim: Claim, among: Iterable[Claim] | None = None) -> dict[str, Claim]:
    """Bills of this claim that another claim has: that claim, by the key of the line.

    `among` are the claims that the caller may see; without it, all claims of the market, for the desk only.
    """
    found: dict[str, Claim] = {}
    for line in claim.lines.all():
        text = _text(claim, line)
        if not text:
            continue
        digests = keyring.current().digests(text, purpose=_PURPOSE)
        rows = Line.objects.filter(repeat_key__in=digests, claim__market=claim.market).exclude(claim=claim)
        if among is not None:
            rows = rows.filter(claim__in=among)
        first = rows.exclude(claim__state__in=_NO_REPEAT).select_related("claim").order_by("claim__sent_at").first()
        if first is not None:
            found[str(line.pk)] = first.claim
    return found


def _text(claim: Claim, line: Line) -> str:
    number = fold_reference(line.number)
    if not number or line.date is None or line.amount is None:
        return ""
    provider = fold_reference(claim.provider)
    return f"{claim.market}|{number}|{line.date.isoformat()}|{line.amount:.2f}|{line.currency}|{provider}"
