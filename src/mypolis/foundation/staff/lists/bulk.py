"""An act on many rows of a list at once: choose rows, see what will be done and what not, and why; then do it.

    END_SESSIONS = BulkAct(title=_("End sessions"), …, find=…, name_of=…, why_not=…, carry_out=…)

    @needs(MANAGE_STAFF)
    @require_POST
    def end_sessions(request, market):
        return bulk_page(request, market, END_SESSIONS, back_url=reverse("desk-colleagues", args=[market]))

The list is a form that posts the keys of the chosen rows as `row`. Each row is changed in a transaction of its own, and
checked again there: between the preview and the act somebody else may have changed it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Text
from mypolis.foundation.staff.access import signed_in
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.web.requests import actor_of

MOST_ROWS = 50


class CannotDo(Exception):
    """A row that this act leaves alone; `why` is for the colleague."""

    def __init__(self, why: Text) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True, kw_only=True)
class BulkAct[Row: Model]:
    """What an act needs to know about its rows.

    `find(market, keys)` returns the rows of this market among the keys, with few statements. `require(staff, market,
    row)` raises CannotDo if the act would leave the row alone. `carry_out(row, by)` does it, and raises CannotDo too.
    """

    title: Text
    button: Text
    find: Callable[[str, Sequence[int]], Iterable[Row]]
    name_of: Callable[[Row], str]
    require: Callable[[StaffAccount, str, Row], None]
    carry_out: Callable[[Row, Actor], None]


@dataclass(frozen=True)
class Line:
    """A row on the page: its key and name, and why it is left alone ("" if it is not)."""

    key: int
    name: str
    why: Text = ""


def bulk_page(request: HttpRequest, market: str, act: BulkAct[Any], *, back_url: str) -> HttpResponse:
    """Return the preview of an act; after its button, do it and return the result."""
    rows = list(act.find(market, _keys(request)))
    is_done = request.POST.get("act") == "do"
    lines = [_line(request, market, act, row, is_done=is_done) for row in rows]
    context = {
        "act": act,
        "good": [line for line in lines if not line.why],
        "left": [line for line in lines if line.why],
        "is_done": is_done,
        "back_url": back_url,
    }
    return render(request, "staff/list/bulk.html", context, status=200 if lines else 422)


def _line(request: HttpRequest, market: str, act: BulkAct[Any], row: Any, *, is_done: bool) -> Line:
    try:
        act.require(signed_in(request), market, row)
        if is_done:
            act.carry_out(row, actor_of(request))
    except CannotDo as cannot:
        return Line(row.pk, act.name_of(row), cannot.why)
    return Line(row.pk, act.name_of(row))


def _keys(request: HttpRequest) -> list[int]:
    """The chosen keys, each once; what is no key is ignored."""
    sent = dict.fromkeys(key for key in request.POST.getlist("row") if key.isascii() and key.isdigit())
    return [int(key) for key in list(sent)[:MOST_ROWS] if len(key) < 19]
