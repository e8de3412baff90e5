"""When the database is away, slow or full: a calm 503 that needs no database, and keeps what was typed.

Told apart from faults of ours by what was raised: trying again later is the right thing to do.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from mypolis.foundation.web.fields import secret_names
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import is_for_api

TRY_AGAIN_AFTER = timedelta(seconds=10)
_READ_ONLY = "25006"  # a stand-by server that was not promoted yet
_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
_NOT_TYPED = frozenset({"csrfmiddlewaretoken"})
_MOST_KEPT = 64 * 1024


def is_outage(error: BaseException | None) -> bool:
    """Whether it says that the database is away, too slow, full, or cannot write now; for a while, that is.

    Django and the queue wrap what the driver raised, each in its own way: what caused an error counts too.
    """
    while error is not None:
        if isinstance(error, _AWAY) or getattr(error, "sqlstate", None) == _READ_ONLY:
            return True
        error = error.__cause__
    return False


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 with `Retry-After`: a page with the form to send again, or a problem document."""
    until = timezone.now() + TRY_AGAIN_AFTER
    request.account = None  # type: ignore[attr-defined]  # who is signed in stands in the database
    if is_for_api(request):
        text = _("This is not possible right now. What you have finished is saved; please try again in a minute.")
        response = problem(503, "unavailable", text, until=until)
    else:
        response = render(request, "web/unavailable.html", {**_again(request), "holder": None}, status=503)
        response["Retry-After"] = str(int(TRY_AGAIN_AFTER.total_seconds()))
    response["Cache-Control"] = "no-store"
    return response


def _again(request: HttpRequest) -> dict[str, Any]:
    """What the page needs to send the same once more: all that was typed, but no password."""
    if request.method != "POST":
        return {"kind": "503", "again_url": request.get_full_path()}
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name not in _NOT_TYPED]
    kept = list(_without_secrets(sent))
    if sum(len(name) + len(value) for name, value in kept) > _MOST_KEPT:
        return {"kind": "503", "again_url": request.get_full_path()}
    return {"kind": "503", "send_again": kept, "password_left_out": len(kept) < len(sent)}


def _without_secrets(sent: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    secret = secret_names()
    for name, value in sent:
        if name not in secret:
            yield name, value
