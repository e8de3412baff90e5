"""The first pages of the desk: the choice of a market, and the market's start page with the cards of all rooms."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mypolis.foundation.markets import all_markets
from mypolis.foundation.rooms import all_rooms
from mypolis.foundation.staff.access import for_everybody, for_staff, signed_in, staff_session_of
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
    return render(request, "staff/start.html", {"sections": sections})


@for_everybody
@require_safe
def awake(request: HttpRequest) -> HttpResponse:
    """Tells the page's script in how many seconds the session locks and ends; nothing without a session."""
    session, now = staff_session_of(request), timezone.now()
    if session is None:
        return JsonResponse({"locks_in": None, "ends_in": None})
    return JsonResponse(
        {
            "locks_in": max(0, int((session.idle_until - now).total_seconds())),
            "ends_in": max(0, int((session.ends_at - now).total_seconds())),
        }
    )
