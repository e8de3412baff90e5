"""What claims wrote into the ledger themselves, and the entries that take it back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Self
from uuid import UUID

from mypolis.insurance.claims.decisions.ledger_ids import PREFIX, claim_prefix, returned_id
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.ledger.arithmetic import Grant
from mypolis.insurance.coverage.ledger.entries import ask_of, entry_of
from mypolis.insurance.coverage.models import Entry

_BACK = {Entry.RESERVE: Entry.RELEASE, Entry.USE: Entry.REVERSE}


class ClaimEntries:
    """The reservations and uses of claims that were not taken back, in the order in which they were written."""

    def __init__(self, open_ones: Mapping[str, Sequence[Entry]]) -> None:
        self._open = open_ones

    @classmethod
    def read(cls, claims: Iterable[Claim]) -> Self:
        """Read the claims' entries in one query."""
        prefixes = {claim_prefix(claim.pk) for claim in claims}
        members = {claim.membership_id for claim in claims}
        prefix = next(iter(prefixes)) if len(prefixes) == 1 else PREFIX
        rows = Entry.objects.filter(membership__in=members, external_id__startswith=prefix).order_by("pk")
        found: dict[str, list[Entry]] = defaultdict(list)
        taken_back = set()
        for row in rows:
            if row.kind not in _BACK:
                taken_back.add(row.reservation)
                continue
            found[_prefix_of(row)].append(row)
        return cls(
            {
                key: [row for row in rows if row.external_id not in taken_back]
                for key, rows in found.items()
                if key in prefixes
            }
        )

    def of(self, claim: UUID) -> Sequence[Entry]:
        """A claim's reservations and uses that were not taken back."""
        return self._open.get(claim_prefix(claim), ())

    def returned(self, claim: Claim) -> list[Entry]:
        """New entries that release all reservations of a claim and reverse all its uses."""
        return [_returned(entry, claim) for entry in self.of(claim.pk)]


def _prefix_of(entry: Entry) -> str:
    return entry.external_id[: entry.external_id.index("/", len(PREFIX)) + 1]


def _returned(entry: Entry, claim: Claim) -> Entry:
    back = entry_of(
        _BACK[entry.kind],
        claim.membership,
        ask_of(entry),
        Grant(entry.amount, entry.count),
        external_id=returned_id(entry.external_id),
        currency=entry.currency,
    )
    back.reservation = entry.external_id
    return back
