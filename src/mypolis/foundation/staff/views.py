"""The first pages of the desk: the choice of a market, the market's start page, and what the page's lock asks."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mypolis.foundation.factors.models import DESK
from mypolis.foundation.factors.passkeys.options import options_for_signing_in
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.markets import all_markets
from mypolis.foundation.rooms import all_rooms
from mypolis.foundation.staff.access import for_everybody, for_staff, session_here, signed_in, staff_session_of
from mypolis.foundation.staff.approvals.waiting import count_waiting
from mypolis.foundation.staff.entrance.proving_again import check_proof
from mypolis.foundation.staff.models import StaffSession
from mypolis.foundation.web.sections import Drawn


@for_staff()
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Leads to the market where this person works, or asks which."""
    markets = [profile for code, profile in all_markets().items() if signed_in(request).roles_in(code)]
    if len(markets) == 1:
        return redirect("desk-start", markets[0].code)
    return render(request, "staff/markets.html", {"markets": markets})


@for_staff()
@require_safe
def start(request: HttpRequest, market: str) -> HttpResponse:
    """The start page of a market: what waits, for the roles of this person."""
    staff = signed_in(request)
    if not staff.roles_in(market):
        raise Http404("no role in this market")
    cards = sorted(
        ((card, room) for room in all_rooms() for card in room.desk_cards if staff.may(card.right, market)),
        key=lambda found: found[0].place,
    )
    asked = [(card, room.load(card.facts)(request, market)) for card, room in cards]
    sections = [Drawn(card.template, facts, card.beside) for card, facts in asked if facts is not None]
    return render(request, "staff/start.html", {"sections": sections, "waiting": count_waiting(staff, market)})


@for_everybody
@require_http_methods(["GET", "HEAD", "POST"])
def awake(request: HttpRequest) -> HttpResponse:
    """Tells the page's script who is signed in, and in how many seconds the session locks and ends.

    A POST says that the person worked on the page; the middleware notes it.
    """
    return _state_of(staff_session_of(request))


@for_staff(locked=True)
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """For the lock over an open page: the options of a passkey, and the check of a passkey or code."""
    if request.method != "POST":
        return JsonResponse({"options": options_for_signing_in(DESK)})
    session = session_here(request)
    try:
        wrong = check_proof(request, session)
    except LimitReached:
        problem = _("There were too many attempts. Please wait a little and try again.")
        return JsonResponse({"problem": problem}, status=429)
    if wrong is not None:
        problem = " ".join(str(text) for texts in wrong.errors.values() for text in texts)
        return JsonResponse({"problem": problem}, status=422)
    return _state_of(session)


def _state_of(session: StaffSession | None) -> JsonResponse:
    if session is None:
        return JsonResponse({"staff": None, "locks_in": None, "ends_in": None})
    now = timezone.now()
    return JsonResponse(
        {
            "staff": session.account_id,
            "locks_in": _left(session.idle_until, now),
            "ends_in": _left(session.ends_at, now),
        }
    )


def _left(until: datetime, now: datetime) -> int:
    """Seconds, at least 0."""
    return max(0, int((until - now).total_seconds()))
