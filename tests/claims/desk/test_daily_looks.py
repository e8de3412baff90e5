"""A claim stays in hand for days or weeks: the insured person sees each day on which staff read it."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.staff_viewings import staff_viewings_of
from tests.claims.desk.pages import Assessor, assessor
from tests.claims.world import sent
from tests.staff.world import at_desk


def test_each_later_day_on_which_a_claim_in_hand_is_opened_is_recorded_once(budi: Account) -> None:
    rina = assessor("Rina")
    claim, first = sent(budi), timezone.now()
    rina.takes(claim)
    rina.text(claim)
    looks = Event.objects.filter(kind="claim.looked_at")
    assert (looks.count(), len(staff_viewings_of(budi.person))) == (0, 1), "taking it recorded the first day"
    for days in (1, 3):
        with time_machine.travel(first + timedelta(days=days), tick=False):
            again = Assessor(rina.colleague, at_desk(rina.colleague), rina.market)
            for page in ("", "facts", "history"):
                shown = again.text(claim, page)
    assert [look.facts for look in looks] == [{"reason": "in_hand"}] * 2
    assert len(staff_viewings_of(budi.person)) == 3
    assert shown.count("Opened again Rina") == 2, "the last page was the timeline"
    assert "Looked at without taking it" not in shown
