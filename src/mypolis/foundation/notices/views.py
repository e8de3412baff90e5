"""Receives partners' reports about messages. Any other caller gets "not found" and learns nothing."""

from typing import NoReturn

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from mypolis.foundation.events.actor import Actor
from mypolis.foundation.notices.bounce_reports import READERS
from mypolis.foundation.notices.bounces import bounced
from mypolis.foundation.notices.receipts import receive
from mypolis.foundation.notices.sms.configured_gateways import BadGateway, gateway_named
from mypolis.foundation.notices.sms.gateway import Forged, Report

LONGEST_REPORT = 32 * 1024  # bytes


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def sms_receipt(request: HttpRequest, gateway: str) -> HttpResponse:
    """An SMS gateway reports whether a message reached the phone. Kannel calls with GET, the others with POST."""
    try:
        partner, report = gateway_named(gateway), _report(request)
        found = partner.receipt(report) if partner is not None else _nobody()
    except (BadGateway, Forged):
        return HttpResponse(status=404)
    if found is not None:
        receive(found.message_id, gateway=gateway, outcome=found.outcome, reason=found.reason)
    return HttpResponse(status=204)


@csrf_exempt
@never_cache
@require_POST
def mail_bounce(request: HttpRequest, reporter: str) -> HttpResponse:
    """A mail provider reports that mail bounced, or that somebody marked it as unwanted."""
    try:
        with transaction.atomic():  # after a failure here, the same report may be sent again
            reader, report = READERS.get(reporter), _report(request)
            found = reader(report, settings.MYPOLIS.bounces_token or "") if reader is not None else _nobody()
            if found is not None:
                bounced(found, by=Actor("system", id=reporter))
    except Forged:
        return HttpResponse(status=404)
    return HttpResponse(status=204)


def _nobody() -> NoReturn:
    """The same answer for an unknown gateway and for a forged report."""
    raise Forged


def _report(request: HttpRequest) -> Report:
    """The request as a Report. Raises Forged when it is longer than any real report."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isascii() or not length.isdigit() or int(length) > LONGEST_REPORT:
        raise Forged
    query = request.META.get("QUERY_STRING", "")
    address = f"{settings.MYPOLIS.public_url.rstrip('/')}{request.path}"  # the public URL, not a proxy's
    return Report(
        url=f"{address}?{query}" if query else address,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.GET.dict(),
        body=request.body,
    )
