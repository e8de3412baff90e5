"""Minimal Django views that use one row, with the portal's own page frame and middleware."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.membership.people.models import Employer


def noting(request: HttpRequest, market: str, key: int) -> HttpResponse:
    """GET reads one row, inserts another, and renders a template."""
    employer = get_object_or_404(Employer, pk=key, market=market)
    Event.objects.create(at=timezone.now(), market=market, kind="plain", actor_kind="system")
    return render(request, "benchmarks/plain.html", {"employer": employer})


def plain(request: HttpRequest, market: str, key: int) -> HttpResponse:
    """GET reads one row and renders a template; POST updates that row and inserts another, then redirects."""
    if request.method != "POST":
        employer = get_object_or_404(Employer, pk=key, market=market)
        return render(request, "benchmarks/plain.html", {"employer": employer})
    with transaction.atomic():
        Employer.objects.filter(pk=key, market=market).update(name=request.POST["name"])
        Event.objects.create(at=timezone.now(), market=market, kind="plain", actor_kind="system")
    return redirect(request.path)
