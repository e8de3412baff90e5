"""Pages of a list by key: the next page begins after the last row, so that page 1,000 costs no more than page 1."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import F, Q, QuerySet

type Key = int | str  # a primary key as it is written; that of a UUID is its text

ROWS = 50
_SALT = "mypolis.staff.list"


@dataclass(frozen=True)
class ListPage:
    """Rows of one page, and the text that names the page after it; empty on the last."""

    rows: Sequence[Any]
    after: str


def page_of(rows: QuerySet[Any], *, order: str, after: str = "", size: int = ROWS) -> ListPage:
    """Return a page in the order of a field (with "-" the largest first) and, among equals, of the primary key.

    Rows without a value come last. An `after` that we did not make begins at the first page.
    """
    is_down, name = order.startswith("-"), order.removeprefix("-")
    ordering = F(name).desc(nulls_last=True) if is_down else F(name).asc(nulls_last=True)
    place = _read(after)
    if place is not None:
        rows = rows.filter(_beyond(name, *place, is_down=is_down))
    found = list(rows.order_by(ordering, "-pk" if is_down else "pk")[: size + 1])
    shown = found[:size]
    last = _write(getattr(shown[-1], name), shown[-1].pk) if len(found) > size else ""
    return ListPage(shown, last)


def _beyond(name: str, value: Any, key: Key, *, is_down: bool) -> Q:
    step, later_key = ("lt" if is_down else "gt"), Q(**{f"pk__{'lt' if is_down else 'gt'}": key})
    if value is None:
        return Q(**{f"{name}__isnull": True}) & later_key
    return Q(**{f"{name}__{step}": value}) | (Q(**{name: value}) & later_key) | Q(**{f"{name}__isnull": True})


def _write(value: Any, key: int | UUID) -> str:
    place = [value.isoformat() if hasattr(value, "isoformat") else value, key if isinstance(key, int) else str(key)]
    return signing.dumps(place, salt=_SALT)


def _read(after: str) -> tuple[Any, Key] | None:
    if not after:
        return None
    try:
        value, key = signing.loads(after, salt=_SALT)
    except (signing.BadSignature, UnicodeError):
        return None
    return (datetime.fromisoformat(value) if isinstance(value, str) else value), key
