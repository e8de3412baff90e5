"""Pages of the desk about reports."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from mypolis.foundation.files.serving import protect
from mypolis.foundation.guards.flows import TOO_MANY, LimitReached
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.web.requests import actor_of
from mypolis.offices.reports.fetching import fetch_report
from mypolis.offices.reports.forms import FILES, FileForm, MonthForm
from mypolis.offices.reports.models import ReportProgress
from mypolis.offices.reports.rights import FETCH_REPORTS, READ_REPORTS
from mypolis.offices.reports.tables.all_reports import REPORTS
from mypolis.offices.reports.tables.table import Report


@needs(READ_REPORTS)
@require_safe
def reports(request: HttpRequest, market: str) -> HttpResponse:
    """Lists the reports."""
    may_fetch = signed_in(request).may(FETCH_REPORTS, market)
    context = {"reports": list(REPORTS.values()), "may_fetch": may_fetch}
    return render(request, "reports/reports.html", context)


@needs(READ_REPORTS)
@require_safe
def report(request: HttpRequest, market: str, name: str) -> HttpResponse:
    """Shows a report of a month."""
    return _page(request, market, _found(name), MonthForm(profile_of(market), request.GET or None))


@needs(FETCH_REPORTS, gives_file=True)
@require_POST
def report_file(request: HttpRequest, market: str, name: str) -> HttpResponse:
    """A report as a file."""
    found, form = _found(name), FileForm(profile_of(market), request.POST)
    if not form.is_valid():
        return _page(request, market, found, form)
    try:
        file = fetch_report(
            report=found, span=form.span, form=form.cleaned_data["form"], staff=signed_in(request), by=actor_of(request)
        )
    except LimitReached:
        return _page(request, market, found, form, str(TOO_MANY))
    response = HttpResponse(file.content, content_type=file.media_type)
    protect(response, name=file.name, inline=False)
    return response


def _found(name: str) -> Report:
    """The report. Raises Http404."""
    if name not in REPORTS:
        raise Http404("no such report")
    return REPORTS[name]


def _page(request: HttpRequest, market: str, found: Report, form: MonthForm, problem: str = "") -> HttpResponse:
    span = form.span
    progress = ReportProgress.objects.filter(market=market).first()
    context = {
        "report": found,
        "figures": found.make(span),
        "form": form,
        "month": f"{span.first:%Y-%m}",
        "first": span.first,
        "through": progress.through if progress else None,
        "forms": FILES if signed_in(request).may(FETCH_REPORTS, market) else (),
        "problem": problem,
        "back_url": reverse("desk-reports", args=[market]),
    }
    return render(request, "reports/report.html", context, status=429 if problem else 200)
