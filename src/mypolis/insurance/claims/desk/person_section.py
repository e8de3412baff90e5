"""The claims of a person, for the desk: numbers, states and days. What was treated is for those who assess it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mypolis.foundation.staff.access import signed_in
from mypolis.insurance.claims.lifecycle.states import STATE_LABELS, State
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.rights import ENTER_CLAIMS
from mypolis.membership.people.desk_page import PersonSection
from mypolis.membership.people.models import Person

_SHOWN = 20


def claims_at_desk(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """The newest claims that were sent, and whether the reader can enter one; None if there is neither."""
    covers = [row.pk for row in person.memberships.all()]
    rows = Claim.objects.sent().filter(membership__in=covers).order_by("-created_at")
    fields = ("number", "state", "sent_at", "decided_at", "promised_by")
    claims = [(row, _label(row.in_state)) for row in rows.only(*fields)[:_SHOWN]]
    may_enter = signed_in(request).may(ENTER_CLAIMS, person.market)
    return {"claims": claims, "may_enter": may_enter} if claims or may_enter else None


def _label(state: State) -> str:
    """The state in words for staff: members read "Waiting for you"."""
    return _("Waits for the member") if state == State.WAITING else str(STATE_LABELS[state])


CLAIMS = PersonSection("person", 40, "claims/desk/person.html", claims_at_desk)
