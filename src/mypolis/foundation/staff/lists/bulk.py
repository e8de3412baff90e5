"""An act on many rows of a list at once: choose rows, see what will be done and what not, and why; then do it.

    PUT_BACK = BulkAct[Claim](title=_("Put claims back"), …, find=…, name_of=…, checks=…, carry_out=…)
    ACTS = (ListAct(PUT_BACK, "desk-claims-put-back", ASSESS_CLAIMS),)

    @needs(ASSESS_CLAIMS)
    @require_POST
    def put_back_many(request, market):
        return bulk_page(request, market, PUT_BACK, back_url=reverse("desk-claims", args=[market]))

The list's template includes `staff/list/tick.html` in each row and `staff/list/acts.html` below. Each row is changed in
a transaction of its own, and checked again there: between the preview and the act somebody else may have changed it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Right, Text
from mypolis.foundation.staff.access import signed_in
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.web.requests import actor_of

MOST_ROWS = 50


class CannotDo(Exception):
    """A row that this act leaves alone; `why` is for the colleague."""

    def __init__(self, why: Text) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True)
class Asked:
    """Who asks for an act, in which market, and the valid form with what else they chose; None if the act has none."""

    staff: StaffAccount
    market: str
    by: Actor
    form: Any = None


@dataclass(frozen=True, kw_only=True)
class BulkAct[Row: Model]:
    """What an act needs to know about its rows.

    `find(market, keys)` returns the rows of this market among the keys, as the list's page wrote them. `checks(asked,
    rows)` returns a function that raises CannotDo for a row that the act would leave alone; it may read what it needs
    for all rows first, so that the preview costs no more for many. `carry_out(asked, row)` does it, and raises CannotDo
    too. `form(staff, market, sent)` asks for what the act needs besides the rows, such as a colleague; its
    `summary`, if it has one, stands above the preview.
    """

    title: Text
    button: Text
    find: Callable[[str, Sequence[str]], Iterable[Row]]
    name_of: Callable[[Row], str]
    checks: Callable[[Asked, Sequence[Row]], Callable[[Row], None]]
    carry_out: Callable[[Asked, Row], None]
    form: Callable[[StaffAccount, str, QueryDict | None], Form] | None = None
    is_dangerous: bool = False


@dataclass(frozen=True)
class ListAct:
    """An act below a list, for whoever has the right. `route` names its page, whose only argument is the market."""

    act: BulkAct[Any]
    route: str
    right: Right


@dataclass(frozen=True)
class Line:
    """A row on the page: its key and name, and why it is left alone ("" if it is not)."""

    key: str
    name: str
    why: Text = ""


def acts_for(request: HttpRequest, market: str, acts: Iterable[ListAct]) -> list[tuple[Text, str]]:
    """Return label and address of the acts that this person may do, for `staff/list/acts.html`."""
    staff = signed_in(request)
    return [(one.act.title, reverse(one.route, args=[market])) for one in acts if staff.may(one.right, market)]


def bulk_page(request: HttpRequest, market: str, act: BulkAct[Any], *, back_url: str) -> HttpResponse:
    """Return what the act asks for, if anything, then its preview; after its button, do it and return the result."""
    rows, step = list(act.find(market, _keys(request, "row"))), request.POST.get("act", "")
    staff = signed_in(request)
    form = act.form(staff, market, request.POST if step else None) if act.form is not None else None
    context = {"act": act, "back_url": back_url, "form": form, "chosen": [str(row.pk) for row in rows]}
    if rows and form is not None and not (form.is_bound and form.is_valid()):
        return render(request, "staff/list/bulk_form.html", context, status=422 if form.is_bound else 200)
    asked, is_done = Asked(staff, market, actor_of(request), form), step == "do"
    lines = _lines(asked, act, rows, is_done=is_done) if rows else []
    lines += _still_left(asked, act, _keys(request, "left")) if lines and is_done else []
    context |= {
        "good": [line for line in lines if not line.why],
        "left": [line for line in lines if line.why],
        "is_done": is_done,
    }
    return render(request, "staff/list/bulk.html", context, status=200 if lines else 422)


def whole_numbers(keys: Iterable[str]) -> list[int]:
    """Return the keys that are whole numbers, for rows with such keys; others are ignored."""
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]


def uuids(keys: Iterable[str]) -> list[UUID]:
    """Return the keys that are UUIDs in the usual spelling; others are ignored."""
    found = []
    for key in keys:
        try:
            one = UUID(key)
        except ValueError:
            continue
        if str(one) == key:
            found.append(one)
    return found


def _lines(asked: Asked, act: BulkAct[Any], rows: Sequence[Any], *, is_done: bool) -> list[Line]:
    check = act.checks(asked, rows)
    return [_line(asked, act, row, check, is_done=is_done) for row in rows]


def _line(asked: Asked, act: BulkAct[Any], row: Any, check: Callable[[Any], None], *, is_done: bool) -> Line:
    try:
        check(row)
        if is_done:
            act.carry_out(asked, row)
    except CannotDo as cannot:
        return Line(str(row.pk), act.name_of(row), cannot.why)
    return Line(str(row.pk), act.name_of(row))


def _still_left(asked: Asked, act: BulkAct[Any], keys: Sequence[str]) -> list[Line]:
    """The rows that the preview left alone: they stay so, also if one could be done by now."""
    rows = list(act.find(asked.market, keys)) if keys else []
    changed = _("This changed after the preview. Choose it again.")
    lines = _lines(asked, act, rows, is_done=False) if rows else []
    return [replace(line, why=line.why or changed) for line in lines]


def _keys(request: HttpRequest, name: str) -> list[str]:
    """The keys that a form sent under a name, each once."""
    return list(dict.fromkeys(request.POST.getlist(name)))[:MOST_ROWS]
