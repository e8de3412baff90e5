"""Pages of proposals: those that wait for somebody, and the decision."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from mypolis.foundation.staff.access import for_staff, signed_in
from mypolis.foundation.staff.approvals import flows
from mypolis.foundation.staff.approvals.filters import ApprovalFilters
from mypolis.foundation.staff.approvals.forms import DecisionForm
from mypolis.foundation.staff.approvals.kinds import approval_kinds, kinds_for
from mypolis.foundation.staff.approvals.refusals import refusal_of
from mypolis.foundation.staff.lists.saved.links import saved_for
from mypolis.foundation.staff.models import Approval
from mypolis.foundation.web.requests import actor_of

_SHOWN = 100


@for_staff()
@require_safe
def approvals(request: HttpRequest, market: str) -> HttpResponse:
    """Lists the newest proposals of this market that this person made or may decide."""
    staff = signed_in(request)
    theirs = Approval.objects.filter(market=market, kind__in=kinds_for(staff, market))
    filters = ApprovalFilters(request.GET, theirs)
    rows = filters.rows().select_related("proposed_by", "decided_by").order_by("-proposed_at", "-pk")[:_SHOWN]
    shown = [{"row": row, "title": approval_kinds()[row.kind].title} for row in rows]
    context = {"approvals": shown, "filters": filters, "saved": saved_for(request, filters.form)}
    return render(request, "staff/approvals.html", context)


@for_staff()
@require_safe
def approval(request: HttpRequest, market: str, approval: int) -> HttpResponse:
    """Shows one proposal, with what this person can do."""
    return _page(request, market, _found(request, market, approval), DecisionForm())


@for_staff(fresh=True)
@require_POST
def decide(request: HttpRequest, market: str, approval: int) -> HttpResponse:
    """Approves, rejects or withdraws, by the button."""
    found, form, staff = _found(request, market, approval), DecisionForm(request.POST), signed_in(request)
    if not form.is_valid():
        return _page(request, market, found, form)
    try:
        match form.cleaned_data["decision"]:
            case "approve":
                flows.approve(approval=found, approver=staff, by=actor_of(request))
            case "reject":
                reason = form.cleaned_data["reason"]
                flows.reject(approval=found, approver=staff, reason=reason, by=actor_of(request))
            case _:
                flows.withdraw(approval=found, proposer=staff, by=actor_of(request))
    except flows.NotYours as error:
        form.add_error(None, ValidationError(refusal_of(error), error.why))
        return _page(request, market, found, form)
    return redirect("desk-approval", market, found.pk)


def _found(request: HttpRequest, market: str, key: int) -> Approval:
    rows = Approval.objects.filter(market=market, kind__in=kinds_for(signed_in(request), market), pk=key)
    found = rows.select_related("proposed_by", "decided_by").first()
    if found is None:
        raise Http404("no such proposal")
    return found


def _page(request: HttpRequest, market: str, found: Approval, form: DecisionForm) -> HttpResponse:
    kind, staff = approval_kinds()[found.kind], signed_in(request)
    if kind.shown is not None:
        kind.shown(market, found.payload, staff, actor_of(request))
    is_open, is_own = found.state == Approval.State.PROPOSED, found.proposed_by_id == staff.pk
    is_theirs = kind.concerns(market, found.payload, staff) or flows.is_dependent(kind, found, staff)
    is_theirs = is_theirs or not flows.is_in_charge(kind, market, found.payload, staff)
    context = {
        "approval": found,
        "kind": kind,
        "facts": kind.facts(market, found.payload),
        "form": form,
        "may_decide": is_open and not is_own and not is_theirs,
        "may_withdraw": is_open and is_own,
        "back_url": reverse("desk-approvals", args=[market]),
    }
    return render(request, "staff/approval.html", context, status=422 if form.errors else 200)
