"""Cover on a member's home: what is left, at a glance."""

from typing import Any

from django.http import HttpRequest

from mypolis.accounts.middleware import account_of
from mypolis.coverage.cover import cover_of
from mypolis.coverage.forms import AskForm
from mypolis.coverage.shown import glance, policy_shown
from mypolis.web.sections import Facts

_POLICIES = 3


def cover_at_home(request: HttpRequest) -> Facts | None:
    """The limits that matter of the policies in force, those first of which something is used; a few policies only."""
    account = account_of(request)
    if account is None:
        return None
    covers: list[dict[str, Any]] = [
        {"shown": policy_shown(cover), "bars": bars}
        for cover in cover_of(account)
        if cover.status == "active" and (bars := glance(cover))
    ]
    if not covers:
        return None
    covers.sort(key=lambda one: all(not bar.used and not bar.held for bar in one["bars"]))
    shown = covers[:_POLICIES]
    return {"covers": shown, "has_held": any(bar.held for one in shown for bar in one["bars"]), "form": AskForm()}
