from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mypolis.foundation.staff.access import needs
from tests.rooms.toy.rights import COUNT


@needs(COUNT)
def umbrellas(request: HttpRequest, market: str) -> HttpResponse:
    """The number of umbrellas, for staff."""
    return render(request, "toy/desk.html", {"umbrellas": 3})
