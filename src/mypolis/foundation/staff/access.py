"""Who may open a page of the desk. Every page says so with one of three decorators, and nothing else decides it.

    @needs(ASSESS_CLAIMS)          # staff who have the right in the market of the address
    def queue(request, market): ...

    @for_staff()                   # everybody who is signed in at the desk: their own account, the choice of a market
    def own_account(request): ...

    @for_everybody                 # sign-in and invitations
    def signin(request): ...

For staff without the right the page is not found, as if it did not exist. Strangers are sent to sign-in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from mypolis.foundation.rooms import Right, Role
from mypolis.foundation.staff.entrance.proving_again import prove_again
from mypolis.foundation.staff.models import StaffAccount, StaffSession

type View = Callable[..., HttpResponseBase]


class StaffMember(Protocol):
    """Somebody who is signed in at the desk. The middleware sets `request.staff`.

    `pk` is the key of the account: an event's actor is `Actor("staff", str(pk), …)`. `name` is for colleagues; members
    never see it.
    """

    pk: int
    name: str

    def may(self, right: Right, market: str = "") -> bool:
        """Whether this person has the right in a market now. Rights `in_any_market` need no market."""

    def roles_in(self, market: str) -> frozenset[Role]:
        """The roles that this person has in a market now."""


def staff_of(request: HttpRequest) -> StaffAccount | None:
    """Return the member of staff who is signed in; None for everybody else, including insured members."""
    found: StaffAccount | None = getattr(request, "staff", None)
    return found


def staff_session_of(request: HttpRequest) -> StaffSession | None:
    """Return the session of the member of staff; None for everybody else."""
    found: StaffSession | None = getattr(request, "staff_session", None)
    return found


def signed_in(request: HttpRequest) -> StaffAccount:
    """Return the member of staff. Only for views that admit staff. Raises Http404 for everybody else."""
    staff = staff_of(request)
    if staff is None:
        raise Http404("no such page")
    return staff


def session_here(request: HttpRequest) -> StaffSession:
    """Return the session of this browser. Only for views that admit staff. Raises Http404 for everybody else."""
    session = staff_session_of(request)
    if session is None:
        raise Http404("no such page")
    return session


def needs(right: Right, *, gives_file: bool = False) -> Callable[[View], View]:
    """Allow only staff with `right`, in the market of the address. Raises Http404 for others, before any work.

    A right that is `fresh` also needs a factor that was shown in the last five minutes: the page asks for it. With
    `gives_file` the answer to a POST is a file: after the factor a page offers it, because a file replaces no page.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = _admit(request, is_fresh=False, gives_file=gives_file)
            if answer is not None:
                return answer
            staff = staff_of(request)
            if staff is None or not staff.may(right, kwargs.get("market", "")):
                raise Http404("no such page")
            answer = _admit(request, is_fresh=True, gives_file=gives_file) if right.fresh else None
            return answer or view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # house rule: every page of the desk has one
        return guarded

    return guard


def for_staff(*, fresh: bool = False, joining: bool = False, locked: bool = False) -> Callable[[View], View]:
    """Allow everybody who is signed in at the desk.

    `fresh`: a factor must have been shown in the last five minutes. `joining`: also for sessions that may only link a
    factor. `locked`: also for locked sessions.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = _admit(request, is_fresh=fresh, is_joining=joining, is_for_locked=locked)
            return answer or view(request, *args, **kwargs)

        guarded.right = "staff"  # type: ignore[attr-defined]
        return guarded

    return guard


def for_everybody(view: View) -> View:
    """Mark a page of the desk that strangers may open."""
    view.right = "everybody"  # type: ignore[attr-defined]
    return view


def _admit(
    request: HttpRequest,
    *,
    is_fresh: bool,
    is_joining: bool = False,
    is_for_locked: bool = False,
    gives_file: bool = False,
) -> HttpResponseBase | None:
    """None to go on; else the page that must come first: sign-in, linking a factor, or showing a factor again."""
    session = staff_session_of(request)
    if session is None:
        if staff_of(request) is not None:  # set by a test without sessions
            return None
        query = QueryDict(mutable=True)
        query["next"] = request.get_full_path()
        return redirect(f"{reverse('desk-signin')}?{query.urlencode()}")
    if session.only_factors and not is_joining:
        return redirect("desk-own-factors")
    now = timezone.now()
    if session.is_locked_at(now) and not is_for_locked:
        return prove_again(request, session, reason="locked", gives_file=gives_file)
    if is_fresh and not session.is_fresh_at(now):
        return prove_again(request, session, reason="sensitive", gives_file=gives_file)
    return None
