"""How many proposals wait for somebody, so that the start page tells the second person."""

from django.utils import timezone

from mypolis.foundation.staff.approvals.kinds import kinds_for
from mypolis.foundation.staff.models import Approval, StaffAccount


def count_waiting(staff: StaffAccount, market: str) -> int:
    """The open proposals of others in a market, of the kinds that this person may approve.

    One statement, or none if there is nothing that this person may approve. Proposals live for days, so the rows are
    few. Some may concern this person's family: then the page of the proposal says who else can approve it.
    """
    kinds = kinds_for(staff, market)
    if not kinds:
        return 0
    is_open = Approval.objects.filter(state=Approval.State.PROPOSED, expires_at__gt=timezone.now())
    return is_open.filter(market=market, kind__in=kinds).exclude(proposed_by=staff).count()
