"""The counter's pages: whether the cover behind a code is in force, and whether a letter is genuine."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page
from mypolis.insurance.ecard.counter.checking import GONE, UnknownCode, check_card
from mypolis.insurance.ecard.letters.letters import check_letter

type CounterView = Callable[[HttpRequest, str, str], HttpResponse]


def for_counters(view: CounterView) -> CounterView:
    """Decorator for a page behind a scanned code: reports unknown codes and limits; browser prefetches get nothing."""

    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, market: str, code: str) -> HttpResponse:
        if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
            return HttpResponse(status=503)  # a prefetch is not a check
        try:
            return view(request, market, code)
        except UnknownCode:
            return render(request, "ecard/unknown_code.html", status=404)
        except LimitReached as limit:
            return limit_page(request, limit.until)

    return guarded


@for_counters
def check(request: HttpRequest, market: str, code: str) -> HttpResponse:
    """Check a card's code, and record the check for the member. Repeating it within a minute changes nothing."""
    found = check_card(text=code, market=market, by=actor_of(request), is_look=request.method == "GET")
    status = 410 if found.outcome in GONE else 200
    return render(request, "ecard/check.html", {"found": found}, status=status)


@for_counters
def letter_check(request: HttpRequest, market: str, code: str) -> HttpResponse:
    """Check a letter's code."""
    found = check_letter(text=code, market=market, by=actor_of(request), is_look=request.method == "GET")
    return render(request, "ecard/letter_check.html", {"found": found})
