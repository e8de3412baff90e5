"""What a member sees first: the policies that they are or were insured under."""

from dataclasses import dataclass
from datetime import date

from mypolis.accounts.models import Account
from mypolis.markets.profile import Text


@dataclass(frozen=True)
class Cover:
    """One membership, as home and the API show it; `status` is `active`, `future` or `ended`."""

    policy_number: str
    policy_type: str
    type_label: Text
    employer: str
    plan: str
    participant_number: str
    start: date
    end: date | None
    status: str


@dataclass(frozen=True)
class Overview:
    """All covers, those of today first; `is_covered` when any holds today."""

    covers: tuple[Cover, ...]

    @property
    def is_covered(self) -> bool:
        """Whether any cover holds today."""
        return any(cover.status == "active" for cover in self.covers)


def overview(account: Account) -> Overview:
    """A member's covers; two queries at most, whatever their number."""
    profile = account.profile
    today = profile.today()
    labels = {kind.key: kind.label for kind in profile.policy_types}
    rows = account.person.memberships.select_related("policy__employer").order_by("-start", "pk")
    covers = [
        Cover(
            policy_number=row.policy.number,
            policy_type=row.policy.type,
            type_label=labels.get(row.policy.type, row.policy.type),
            employer=row.policy.employer.name if row.policy.employer else "",
            plan=row.plan,
            participant_number=row.participant_number,
            start=max(row.start, row.policy.start),
            end=min((end for end in (row.end, row.policy.end) if end), default=None),
            status=row.status_on(today),
        )
        for row in rows
    ]
    order = ("active", "future", "ended")
    return Overview(tuple(sorted(covers, key=lambda cover: order.index(cover.status))))
