"""The page behind a letter's code: whether the guarantee holds now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.ecard.counter.views import for_counters
from mypolis.insurance.guarantees.letters.letters import check_letter


@for_counters
def check(request: HttpRequest, market: str, code: str) -> HttpResponse:
    """Check a letter's code."""
    found = check_letter(text=code, market=market, by=actor_of(request), is_look=request.method == "GET")
    return render(request, "guarantees/check.html", {"found": found})
