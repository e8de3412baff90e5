"""Who may open a page of the desk. Every such page names the right that it needs.

    @needs(ASSESS_CLAIMS)
    def queue(request): ...

What somebody may not open is not found, as if it were not there.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponseBase

from mypolis.foundation.rooms import Right

type View = Callable[..., HttpResponseBase]


class StaffMember(Protocol):
    """Whoever is signed in at the desk; the middleware of staff accounts puts it on the request as `staff`."""

    def may(self, right: Right) -> bool:
        """Whether this person holds the right now."""


def staff_of(request: HttpRequest) -> StaffMember | None:
    """The member of staff who is signed in; None for everybody else, members of an insurance included."""
    found: StaffMember | None = getattr(request, "staff", None)
    return found


def needs(right: Right) -> Callable[[View], View]:
    """Open a view to staff who hold `right`. Raises Http404 for everybody else, before the view does any work."""

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
