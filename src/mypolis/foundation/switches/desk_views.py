"""Pages of the desk about switches."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import needs
from mypolis.foundation.switches.forms import SwitchOffForm
from mypolis.foundation.switches.models import SwitchedOff
from mypolis.foundation.switches.rights import SWITCH_ROOMS
from mypolis.foundation.switches.rooms_off import NoSuchSwitch, rooms_with_switch, switch_off, switch_on
from mypolis.foundation.web.requests import actor_of


@needs(SWITCH_ROOMS)
@require_safe
def switches(request: HttpRequest, market: str) -> HttpResponse:
    """Lists the rooms that can be off, and which are."""
    off = {row.room: row for row in SwitchedOff.objects.filter(market=market)}
    rows = [(room, off.get(label)) for label, room in rooms_with_switch().items()]
    return render(request, "switches/desk/switches.html", {"rows": rows})


@needs(SWITCH_ROOMS)
@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: HttpRequest, market: str, room: str) -> HttpResponse:
    """Asks what members are told, and switches the room off; a room that is off gets other texts, or goes on again."""
    found = rooms_with_switch().get(room)
    if found is None:
        raise Http404("no such switch")
    off = SwitchedOff.objects.filter(market=market, room=room).first()
    data = request.POST if request.method == "POST" else None
    form = SwitchOffForm(data, profile=profile_of(market), texts=off.texts if off else {})
    try:
        if request.POST.get("on"):
            switch_on(market=market, room=room, by=actor_of(request))
            return redirect("desk-switches", market)
        is_on_again = off is None and "only_text" in request.POST  # a colleague was quicker: the page now says so
        if form.is_bound and not is_on_again and form.is_valid():
            switch_off(market=market, room=room, texts=form.texts, by=actor_of(request))
            return redirect("desk-switches", market)
    except NoSuchSwitch:
        raise Http404("no such switch") from None
    context = {"room": found, "off": off, "form": form, "back_url": reverse("desk-switches", args=[market])}
    return render(request, "switches/desk/switch.html", context, status=422 if form.is_bound else 200)
