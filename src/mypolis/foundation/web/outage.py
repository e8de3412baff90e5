"""Responses while the database or the store of files is away: a 503 page that keeps what was typed.

The type of the exception distinguishes an outage, where trying again later helps, from a bug.
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

from mypolis.foundation.web.form_fields.fields import secret_names
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import is_for_api

TRY_AGAIN_AFTER = timedelta(seconds=10)
_READ_ONLY = "25006"  # a standby server that is not promoted yet


class StoreAwayError(OSError):
    """The store of files cannot be reached, or is full."""


_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError, StoreAwayError)
_NOT_TYPED = frozenset({"csrfmiddlewaretoken"})
_MOST_KEPT = 64 * 1024


def is_outage(error: BaseException | None) -> bool:
    """Whether an exception means that the database or the store is temporarily away, too slow, full or read-only.

    It also checks the causes of the exception, because Django and the queue wrap what the driver raises.
    """
    while error is not None:
        if isinstance(error, _AWAY) or getattr(error, "sqlstate", None) == _READ_ONLY:
            return True
        error = error.__cause__
    return False


def unavailable(request: HttpRequest) -> HttpResponse:
    """Respond 503 with `Retry-After`: a page with the form to send again, or a problem document."""
    until = timezone.now() + TRY_AGAIN_AFTER
    request.account = None  # type: ignore[attr-defined]  # unknown without the database
    if is_for_api(request):
        text = _("This is not possible right now. What you have finished is saved; please try again in a minute.")
        response = problem(503, "unavailable", text, until=until)
    else:
        response = render(request, "web/unavailable.html", {**_again(request), "holder": None}, status=503)
        response["Retry-After"] = str(int(TRY_AGAIN_AFTER.total_seconds()))
    response["Cache-Control"] = "no-store"
    return response


def _again(request: HttpRequest) -> dict[str, Any]:
    """Return the context for sending the form again: everything that was typed, except passwords."""
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
