"""The cover card on a member's home page: what is left, at a glance."""

from typing import Any

from django.http import HttpRequest

from mypolis.foundation.web.sections import Facts
from mypolis.insurance.coverage.cover import cover_of
from mypolis.insurance.coverage.pages.forms import AskForm
from mypolis.insurance.coverage.pages.presenters import glance, policy_shown
from mypolis.membership.accounts.sessions.middleware import account_of

_POLICIES = 3


def cover_at_home(request: HttpRequest) -> Facts | None:
    """The most relevant limits of a few policies in force; limits with usage come first.

    A member whose plan is known also gets the search form, even when there is no limit to show.
    """
    account = account_of(request)
    known = [cover for cover in cover_of(account) if cover.status == "active" and cover.plan] if account else []
    if not known:
        return None
    covers: list[dict[str, Any]] = [
        {"shown": policy_shown(cover), "bars": bars} for cover in known if (bars := glance(cover))
    ]
    covers.sort(key=lambda one: all(not bar.used and not bar.held for bar in one["bars"]))
    shown = covers[:_POLICIES]
    return {"covers": shown, "has_held": any(bar.held for one in shown for bar in one["bars"]), "form": AskForm(known)}
