"""The colleagues of a market: who they are, what they may do, and changes of that."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypolis.foundation.rooms import Right
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.staff.act_page import Act, act_page
from mypolis.foundation.staff.approvals.flows import NotYours, propose
from mypolis.foundation.staff.approvals.kinds import ApprovalKind
from mypolis.foundation.staff.approvals.refusals import refusal_of, why_not
from mypolis.foundation.staff.lists.bulk import acts_for, bulk_page
from mypolis.foundation.staff.lists.saved.links import saved_for
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.staff.rights import MANAGE_STAFF, SEE_COLLEAGUES
from mypolis.foundation.staff.rights_table import staff_rights
from mypolis.foundation.staff.roles import ROLES
from mypolis.foundation.staff.team.acts import CLOSE_ACCOUNT, TAKE_ROLE
from mypolis.foundation.staff.team.filters import ColleagueFilters
from mypolis.foundation.staff.team.forms import InvitationForm, RoleForm
from mypolis.foundation.staff.team.role_approvals import INVITATION, REOPENING, RESET, ROLE_CHANGE, roles_of
from mypolis.foundation.staff.team.role_changes import LastAdministrator, close, take_role
from mypolis.foundation.staff.team.session_acts import ACTS, END_SESSIONS
from mypolis.foundation.web.requests import actor_of


@needs(SEE_COLLEAGUES)
@require_safe
def colleagues(request: HttpRequest, market: str) -> HttpResponse:
    """Lists everybody who has a role in this market."""
    filters = ColleagueFilters(request.GET, _colleagues(market), market=market)
    rows = filters.rows().order_by("closed_at", "name", "pk")
    context = {
        "people": [{"account": one, "roles": _labels(one, market)} for one in rows],
        "may_manage": signed_in(request).may(MANAGE_STAFF, market),
        "filters": filters,
        "saved": saved_for(request, filters.form),
        "acts": acts_for(request, market, ACTS),
        "has_taken_role": request.GET.get("done") == "role",
    }
    return render(request, "staff/colleagues.html", context)


@needs(SEE_COLLEAGUES)
@require_safe
def colleague(request: HttpRequest, market: str, account: int) -> HttpResponse:
    """Shows one colleague."""
    return _page(request, market, _colleague(market, account))


@needs(MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, market: str) -> HttpResponse:
    """Proposes to invite a colleague; the mail goes out when a second administrator approves."""
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _propose(request, market, INVITATION, form.payload)
        except NotYours as error:
            form.add_error(None, refusal_of(error))
    context = {"form": form, "back_url": reverse("desk-colleagues", args=[market])}
    return render(request, "staff/invite.html", context, status=422 if form.is_bound else 200)


@needs(MANAGE_STAFF)
@require_POST
def end_sessions(request: HttpRequest, market: str) -> HttpResponse:
    """Ends the sessions of the chosen colleagues, after a preview."""
    return bulk_page(request, market, END_SESSIONS, back_url=reverse("desk-colleagues", args=[market]))


@needs(MANAGE_STAFF)
@require_POST
def propose_role(request: HttpRequest, market: str, account: int) -> HttpResponse:
    """Proposes to give a role. Nobody gives one to themselves."""
    found, form = _colleague(market, account), RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, market, found, _("Please choose a role."))
    if found.closed_at is not None:  # the proposal could never be approved
        return _page(request, market, found, _("This account is closed. Reopen it first."))
    try:
        return _propose(request, market, ROLE_CHANGE, {"account": found.pk, "role": form.chosen})
    except NotYours as error:
        return _page(request, market, found, refusal_of(error))


@needs(MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def take_away_role(request: HttpRequest, market: str, account: int, role: str) -> HttpResponse:
    """Asks whether to take a role away; the button does it, at once. Nobody takes their own."""
    found = _colleague(market, account)
    held = next((key for key in found.roles_in(market) if key == role), None)
    if held is None:  # no such role, or somebody was faster
        return redirect("desk-colleague", market, found.pk)
    if found.pk == signed_in(request).pk:
        return _page(request, market, found, why_not("own"))
    if request.method == "POST":
        try:
            take_role(account=found, market=market, role=held, by=actor_of(request))
        except LastAdministrator:
            return _page(request, market, found, _last_administrator())
        return redirect(f"{reverse('desk-colleagues', args=[market])}?done=role")  # the colleague may be gone from here
    return _ask(request, market, found, TAKE_ROLE, f"{ROLES[held].label}, {found.name}, {found.email}")


@needs(MANAGE_STAFF)
@require_POST
def propose_reset(request: HttpRequest, market: str, account: int) -> HttpResponse:
    """Proposes to let a colleague who lost every factor set up their sign-in again."""
    found = _colleague(market, account)
    if found.closed_at is not None or found.joined_at is None:
        return _page(request, market, found, _("Reopen the account or invite the colleague again instead."))
    if not _manages_all(request, found):
        return _page(request, market, found, why_not("markets"))
    try:
        return _propose(request, market, RESET, {"account": found.pk})
    except NotYours as error:
        return _page(request, market, found, refusal_of(error))


@needs(MANAGE_STAFF)
@require_POST
def propose_reopening(request: HttpRequest, market: str, account: int) -> HttpResponse:
    """Proposes to reopen an account that was closed."""
    found = _colleague(market, account)
    if found.closed_at is None:
        return redirect("desk-colleague", market, found.pk)
    if not _manages_all(request, found):
        return _page(request, market, found, why_not("markets"))
    try:
        return _propose(request, market, REOPENING, {"account": found.pk, "roles": roles_of(found)})
    except NotYours as error:
        return _page(request, market, found, refusal_of(error))


@needs(MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: HttpRequest, market: str, account: int) -> HttpResponse:
    """Asks whether to close an account; the button does it, at once. Nobody closes their own."""
    found = _colleague(market, account)
    if found.closed_at is not None:
        return redirect("desk-colleague", market, found.pk)
    if found.pk == signed_in(request).pk:
        return _page(request, market, found, why_not("own"))
    if not _manages_all(request, found):
        return _page(request, market, found, why_not("markets"))
    if request.method == "POST":
        try:
            close(account=found, by=actor_of(request))
        except LastAdministrator:
            return _page(request, market, found, _last_administrator())
        return redirect("desk-colleague", market, found.pk)
    return _ask(request, market, found, CLOSE_ACCOUNT, f"{found.name}, {found.email}")


def _propose(request: HttpRequest, market: str, kind: ApprovalKind, payload: dict[str, Any]) -> HttpResponse:
    """Propose a change, and show it. Raises NotYours."""
    staff = signed_in(request)
    payload = {**payload, "proposed_by": staff.pk}
    approval = propose(kind=kind, market=market, payload=payload, proposer=staff, by=actor_of(request))
    return redirect("desk-approval", market, approval.pk)


def _ask(request: HttpRequest, market: str, found: StaffAccount, act: Act, about: str) -> HttpResponse:
    return act_page(request, act, about=about, back_url=reverse("desk-colleague", args=[market, found.pk]))


def _last_administrator() -> str:
    return _("This is the only administrator here. Give the role to another first.")


def _manages_all(request: HttpRequest, found: StaffAccount) -> bool:
    return all(signed_in(request).may(MANAGE_STAFF, market) for market in found.held_roles)


def _page(request: HttpRequest, market: str, found: StaffAccount, problem: str = "") -> HttpResponse:
    held = found.roles_in(market)
    context = {
        "colleague": found,
        "held": [(key, role) for key, role in ROLES.items() if key in held],
        "others": [(key, role) for key, role in ROLES.items() if key not in held],
        "rights": [right.does for right in staff_rights() if _has(right, found, market)],
        "may_change": signed_in(request).may(MANAGE_STAFF, market) and found.pk != signed_in(request).pk,
        "problem": problem,
        "back_url": reverse("desk-colleagues", args=[market]),
    }
    return render(request, "staff/colleague.html", context, status=422 if problem else 200)


def _has(right: Right, found: StaffAccount, market: str) -> bool:
    return bool(found.roles_in(market) & right.roles)


def _labels(account: StaffAccount, market: str) -> str:
    held = account.roles_in(market)
    return ", ".join(str(role.label) for key, role in ROLES.items() if key in held)


def _colleagues(market: str) -> QuerySet[StaffAccount]:
    return StaffAccount.objects.filter(roles__market=market).distinct().prefetch_related("roles")


def _colleague(market: str, account: int) -> StaffAccount:
    found = _colleagues(market).filter(pk=account).first()
    if found is None:
        raise Http404("no such colleague")
    return found
