"""Pages of the audit: search, one event, verification of the chain, export. Nothing can be changed here."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mypolis.foundation.events.models import Event
from mypolis.foundation.files.serving import protect
from mypolis.foundation.guards.flows import TOO_MANY, LimitReached
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.rooms import Text
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.web.requests import actor_of
from mypolis.offices.audit.exporting import TooManyEvents, export
from mypolis.offices.audit.forms import ExportForm, SearchForm
from mypolis.offices.audit.models import Verification
from mypolis.offices.audit.presenters import shown
from mypolis.offices.audit.rights import EXPORT_TRAIL, READ_TRAIL
from mypolis.offices.audit.tables import TrailTable
from mypolis.offices.audit.trail_search import read_event, read_trail
from mypolis.offices.audit.verifying import ask

_NEWEST = 20
BREAKS: dict[str, Text] = {
    "seal": gettext_lazy("The seal before these events is missing or was changed."),
    "count": gettext_lazy("Events were removed or added here."),
    "changed": gettext_lazy("At least one of these events was changed."),
}


@needs(READ_TRAIL)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest, market: str) -> HttpResponse:
    """Searches the trail. What was typed is checked first, so that the page's address has references only."""
    profile = profile_of(market)
    if request.method == "POST":
        form = SearchForm(profile, request.POST)
        if not form.is_valid():
            return render(request, "audit/search.html", {"form": form}, status=422)
        return redirect(f"{reverse('desk-audit', args=[market])}?{urlencode(form.query)}")
    form = SearchForm(profile, request.GET)
    if not form.is_valid():  # somebody changed the address: keep nothing of it
        return redirect("desk-audit", market)
    page = read_trail(criteria=form.criteria, market=market, before=_number(request), by=actor_of(request))
    context = {
        "form": form,
        "table": TrailTable(shown(page.events), market=market),
        "next_page": urlencode({**form.query, "before": page.before}) if page.before else "",
        "may_export": signed_in(request).may(EXPORT_TRAIL, market),
    }
    return render(request, "audit/search.html", context)


@needs(READ_TRAIL)
@require_safe
def event(request: HttpRequest, market: str, number: int) -> HttpResponse:
    """Shows one event, without what is personal in it."""
    try:
        found = read_event(number=number, market=market, by=actor_of(request))
    except Event.DoesNotExist:
        raise Http404("no such event") from None
    one = shown([found])[0]
    query = {"scope": "" if found.market else "portal", "about": one.subject}
    context = {
        "one": one,
        "same_row": f"{reverse('desk-audit', args=[market])}?{urlencode(query)}" if one.subject else "",
        "back_url": reverse("desk-audit", args=[market]),
    }
    return render(request, "audit/event.html", context)


@needs(READ_TRAIL)
@require_http_methods(["GET", "HEAD", "POST"])
def verifications(request: HttpRequest, market: str) -> HttpResponse:
    """Lists verifications with their results; a POST asks for a new one."""
    problem = ""
    if request.method == "POST":
        try:
            ask(market=market, by=actor_of(request))
            return redirect("desk-audit-verifications", market)
        except LimitReached:
            problem = str(TOO_MANY)
    rows = list(Verification.objects.order_by("-pk")[:_NEWEST])
    context: dict[str, Any] = {
        "rows": [(row, BREAKS[row.why] if row.why else "") for row in rows],
        "is_running": any(row.ended_at is None for row in rows),
        "problem": problem,
        "back_url": reverse("desk-audit", args=[market]),
    }
    return render(request, "audit/verifications.html", context, status=429 if problem else 200)


@needs(EXPORT_TRAIL, gives_file=True)
@require_http_methods(["GET", "HEAD", "POST"])
def export_file(request: HttpRequest, market: str) -> HttpResponseBase:
    """Makes a file of the events of a period."""
    form = ExportForm(profile_of(market), request.POST if request.method == "POST" else None)
    context = {"form": form, "back_url": reverse("desk-audit", args=[market])}
    if not form.is_valid():
        return render(request, "audit/export.html", context, status=422 if form.is_bound else 200)
    try:
        made = export(criteria=form.criteria, form=form.cleaned_data["form"], market=market, by=actor_of(request))
    except TooManyEvents:
        form.add_error("until", _("This period has too many events for one file. Choose a shorter one."))
        return render(request, "audit/export.html", context, status=422)
    except LimitReached:
        form.add_error(None, str(TOO_MANY))
        return render(request, "audit/export.html", context, status=429)
    response = StreamingHttpResponse(made.parts, content_type=made.media_type)
    protect(response, name=made.name, inline=False)
    return response


def _number(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
