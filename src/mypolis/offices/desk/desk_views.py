"""The search for people. What is typed travels in the body of a POST: it is personal data, so never in an address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page
from mypolis.offices.desk.forms import SearchForm
from mypolis.offices.desk.rights import SEE_PEOPLE
from mypolis.offices.desk.search.finding import MOST
from mypolis.offices.desk.search.finding import search as search_people
from mypolis.offices.desk.search.presenters import result_of


@needs(SEE_PEOPLE)
@require_safe
def people(request: HttpRequest, market: str) -> HttpResponse:
    """The search box."""
    return render(request, "desk/search.html", {"form": SearchForm()})


@needs(SEE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest, market: str) -> HttpResponse:
    """Shows who matches what was typed, masked. Without a form, leads to the search box."""
    if request.method != "POST":
        return redirect("desk-people", market)
    form, profile = SearchForm(request.POST), profile_of(market)
    if not form.is_valid():
        return render(request, "desk/search.html", {"form": form}, status=422)
    staff, typed = signed_in(request).pk, form.cleaned_data["typed"]
    try:
        found = search_people(profile=profile, typed=typed, staff=staff, by=actor_of(request))
    except LimitReached as limit:
        return limit_page(request, limit.until)
    results = [result_of(person, profile) for person in found.people]
    context = {"form": form, "found": found, "results": results, "most": MOST}
    return render(request, "desk/search.html", context)
