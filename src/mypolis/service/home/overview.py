"""A member's overview: the policies under which they are or were insured."""

from dataclasses import dataclass
from datetime import date

from django.utils.encoding import force_str
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.foundation.markets.profile import Text
from mypolis.membership.accounts.models import Account


@dataclass(frozen=True)
class Cover:
    """One membership, for the home page and the API; `status` is `active`, `future` or `ended`.

    `id` is the last part of its URLs.
    """

    id: str
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
    """All covers, the current ones first; `is_covered` if any is active today."""

    covers: tuple[Cover, ...]

    @property
    def is_covered(self) -> bool:
        """Whether any cover is active today."""
        return any(cover.status == "active" for cover in self.covers)

    @property
    def summary(self) -> str:
        """Which covers are active today and until when, in one line; empty if none is."""
        active = [cover for cover in self.covers if cover.status == "active"]
        if not active:
            return ""
        names = ", ".join(dict.fromkeys(force_str(cover.plan or cover.type_label) for cover in active))
        end = max((cover.end for cover in active if cover.end), default=None)
        if end is None or any(cover.end is None for cover in active):
            return names
        return _("%(policies)s, until %(day)s") % {"policies": names, "day": date_format(end, "DATE_FORMAT")}


def overview(account: Account) -> Overview:
    """A member's covers; at most two queries for any number of covers."""
    profile = account.profile
    today = profile.today()
    labels = {kind.key: kind.label for kind in profile.policy_types}
    rows = account.person.memberships.select_related("policy__employer").order_by("-start", "pk")
    covers = [
        Cover(
            id=str(row.pk),
            policy_number=row.policy.number,
            policy_type=row.policy.type,
            type_label=labels.get(row.policy.type, row.policy.type),
            employer=row.policy.employer.name if row.policy.employer else "",
            plan=row.plan,
            participant_number=row.participant_number,
            start=row.first_day,
            end=row.last_day,
            status=row.status_on(today),
        )
        for row in rows
    ]
    order = ("active", "future", "ended")
    return Overview(tuple(sorted(covers, key=lambda cover: order.index(cover.status))))
