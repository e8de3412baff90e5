"""Legal texts as pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from mypolis.foundation.web.requests import market_or_404
from mypolis.membership.consents.documents import document


@require_safe
def legal(request: HttpRequest, market: str, key: str) -> HttpResponse:
    """One legal text of a market, in the language of the page."""
    if key not in market_or_404(market).texts:
        raise Http404("no such document")
    return render(request, "consents/legal.html", {"text": document(market, key, get_language() or ""), "key": key})
