"""Filters of the list of colleagues."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.staff.lists.filters import DeskFilters, OneOf
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.staff.roles import ROLES


class ColleagueFilters(DeskFilters):
    """By role in the market, and by the state of the account."""

    role = OneOf(
        label=_("Role"),
        choices=[("", _("All")), *((key, role.label) for key, role in ROLES.items())],
        method="of_role",
    )
    state = OneOf(
        label=_("State"),
        choices=[("", _("All")), ("joined", _("Joined")), ("invited", _("Invited")), ("closed", _("Closed"))],
        method="in_state",
    )

    def __init__(self, *args: object, market: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.market = market

    def of_role(self, rows: QuerySet[StaffAccount], _name: str, role: str) -> QuerySet[StaffAccount]:
        """Those who have the role in this market."""
        return rows.filter(roles__role=role, roles__market=self.market)

    def in_state(self, rows: QuerySet[StaffAccount], _name: str, state: str) -> QuerySet[StaffAccount]:
        """Those whose account is in the state."""
        if state == "closed":
            return rows.filter(closed_at__isnull=False)
        return rows.filter(closed_at=None, joined_at__isnull=state == "invited")
