"""The claim that somebody should take next, so that a day of many claims needs no walks through the queue."""

from mypolis.foundation.markets import Profile
from mypolis.foundation.staff.access import StaffMember
from mypolis.insurance.claims.desk.may_work import check_may_work
from mypolis.insurance.claims.desk.queue import Wanted, queue_page
from mypolis.insurance.claims.desk.refusals import Refused
from mypolis.insurance.claims.models import Claim

_LOOKED_AT = 10


def next_claim(profile: Profile, staff: StaffMember) -> Claim | None:
    """The claim with the nearest promise that nobody has in hand, whose clock runs, and on which they may work.

    A claim of their own whose decision was stopped comes first. Only the first ten that nobody has are looked at, so
    that the work does not grow.
    """
    stopped = Claim.objects.filter(market=profile.code, in_hand__staff=staff.pk, waiting_decision__is_stopped=True)
    if (own := stopped.order_by("waiting_decision__entered_at").first()) is not None:
        return own
    rows = queue_page(profile, Wanted(whose="nobody"), staff, size=_LOOKED_AT).rows
    waiting = [row.claim for row in rows if not row.waits_for]
    found = Claim.objects.select_related("membership__policy").in_bulk(waiting)
    return next((found[key] for key in waiting if key in found and _may_work(found[key], staff)), None)


def _may_work(claim: Claim, staff: StaffMember) -> bool:
    try:
        check_may_work(claim, staff)
    except Refused:
        return False
    return True
