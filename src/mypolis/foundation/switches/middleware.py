"""Answers for rooms that are off."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from mypolis.foundation.markets import Profile
from mypolis.foundation.rooms import Text
from mypolis.foundation.switches.gates import room_of_operation, room_of_page
from mypolis.foundation.switches.rooms_off import why_off
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import is_for_api
from mypolis.foundation.web.views import closed_page


class RoomsThatAreOff:
    """Answers 503 for the members' pages of a room that is off, and for its operations of the API.

    Pages of the desk belong to no market here, so they stay open, and so do those that the room's switch names.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Return the answer if the view belongs to a room that is off in the request's market."""
        market: Profile | None = getattr(request, "market", None)
        if market is None:
            return None
        match = request.resolver_match
        if is_for_api(request):
            room = room_of_operation(match.route if match else "")
        else:
            room = room_of_page(getattr(view, "__module__", ""), (match.url_name if match else None) or "")
        text = why_off(market.code, room) if room is not None else None
        return None if text is None else _closed(request, text)


def _closed(request: HttpRequest, text: Text) -> HttpResponse:
    if is_for_api(request):
        return problem(503, "switched-off", text)
    return closed_page(request, text)
