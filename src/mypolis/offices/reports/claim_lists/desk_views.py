"""Pages of the desk about lists of claims."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mypolis.foundation.files.serving import protect
from mypolis.foundation.guards.flows import TOO_MANY, LimitReached
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import needs
from mypolis.foundation.web.requests import actor_of
from mypolis.offices.reports.claim_lists.flows import NotFetched, ask_for_list, fetch_list
from mypolis.offices.reports.forms import MonthForm
from mypolis.offices.reports.models import ClaimList, ClaimListFetch
from mypolis.offices.reports.rights import FETCH_REPORTS

_NEWEST = 20


@needs(FETCH_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def claim_lists(request: HttpRequest, market: str) -> HttpResponse:
    """Lists the lists that can be fetched; a POST asks for the list of a month."""
    form = MonthForm(profile_of(market), request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, market, form, status=422 if form.is_bound else 200)
    try:
        ask_for_list(span=form.span, by=actor_of(request))
    except LimitReached:
        return _page(request, market, form, str(TOO_MANY), status=429)
    return redirect("desk-claim-lists", market)


@needs(FETCH_REPORTS, gives_file=True)
@require_POST
def claim_list_file(request: HttpRequest, market: str, key: int) -> HttpResponseBase:
    """The file of a list, once for each person."""
    try:
        file = fetch_list(market=market, key=key, by=actor_of(request))
    except NotFetched:
        problem = _("This list is not ready, has expired, or you fetched it before.")
        return _page(request, market, MonthForm(profile_of(market)), problem, status=422)
    response = StreamingHttpResponse(file.pieces, content_type="text/csv; charset=utf-8")
    protect(response, name=file.name, inline=False)
    response["Content-Length"] = str(file.size)
    return response


def _page(request: HttpRequest, market: str, form: MonthForm, problem: str = "", *, status: int = 200) -> HttpResponse:
    rows = list(ClaimList.objects.filter(market=market, expires_at__gt=timezone.now()).order_by("-asked_at")[:_NEWEST])
    mine = ClaimListFetch.objects.filter(list__in=rows, by=str(actor_of(request))).values_list("list", flat=True)
    context = {
        "form": form,
        "rows": rows,
        "fetched": set(mine),
        "problem": problem,
        "back_url": reverse("desk-reports", args=[market]),
    }
    return render(request, "reports/claim_lists.html", context, status=status)
