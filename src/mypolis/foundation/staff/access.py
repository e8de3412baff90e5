"""Who may open a page of the desk. Every page names the right that it needs.

    @needs(ASSESS_CLAIMS)
    def queue(request): ...

For everybody without the right the page is not found, as if it did not exist.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponseBase

from mypolis.foundation.rooms import Right, Role

type View = Callable[..., HttpResponseBase]


class StaffMember(Protocol):
    """Somebody who is signed in at the desk. The middleware for staff accounts sets `request.staff`.

    `pk` is the key of the account: an event's actor is `Actor("staff", str(pk), …)`. `name` is for colleagues; members
    never see it.
    """

    pk: int
    name: str

    def may(self, right: Right, market: str = "") -> bool:
        """Whether this person has the right in a market now. Rights `in_any_market` need no market."""

    def roles_in(self, market: str) -> frozenset[Role]:
        """The roles that this person has in a market now."""


def staff_of(request: HttpRequest) -> StaffMember | None:
    """Return the member of staff who is signed in; None for everybody else, including insured members."""
    found: StaffMember | None = getattr(request, "staff", None)
    return found


def needs(right: Right) -> Callable[[View], View]:
    """Allow only staff with `right` to open a view. Raises Http404 for others, before the view does any work."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            staff = staff_of(request)
            if staff is None or not staff.may(right):
                raise Http404("no such page")
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # house rule: every page of the desk has one
        return guarded

    return guard
