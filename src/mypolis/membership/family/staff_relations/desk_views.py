"""Pages of the desk about relations: which insured people colleagues are, so that nobody decides their own claims."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.staff.approvals.flows import NotYours, propose
from mypolis.foundation.staff.approvals.refusals import refusal_of
from mypolis.foundation.staff.lists.pages_by_key import page_of
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.web.requests import actor_of
from mypolis.membership.family.models import StaffRelation
from mypolis.membership.family.rights import STAFF_RELATIONS
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from mypolis.membership.family.staff_relations.forms import RelationForm
from mypolis.membership.family.staff_relations.removal import REMOVAL


@needs(STAFF_RELATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def relations(request: HttpRequest, market: str) -> HttpResponse:
    """Lists the relations, the newest first, and enters one."""
    form = RelationForm(market, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and form.person is not None:
        enter_relation(staff=form.staff, person=form.person, by=actor_of(request))
        return redirect("desk-staff-relations", market)
    return _page(request, market, form)


@needs(STAFF_RELATIONS)
@require_POST
def remove(request: HttpRequest, market: str, relation: int) -> HttpResponse:
    """Proposes to remove a relation; a second administrator approves."""
    if not StaffRelation.objects.filter(market=market, pk=relation).exists():
        raise Http404("no such relation")
    staff, by = signed_in(request), actor_of(request)
    try:
        approval = propose(kind=REMOVAL, market=market, payload={"relation": relation}, proposer=staff, by=by)
    except NotYours as error:
        return _page(request, market, RelationForm(market), refusal_of(error))
    return redirect("desk-approval", market, approval.pk)


def _page(request: HttpRequest, market: str, form: RelationForm, problem: str = "") -> HttpResponse:
    rows = StaffRelation.objects.filter(market=market).select_related("person")
    page = page_of(rows, order="-entered_at", after=request.GET.get("after", ""))
    keys = {one.staff for one in page.rows}
    names = dict(StaffAccount.objects.filter(pk__in=keys).values_list("pk", "name"))
    context = {
        "relations": [(one, names.get(one.staff, "–")) for one in page.rows],
        "after": page.after,
        "form": form,
        "problem": problem,
    }
    is_refused = form.is_bound or bool(problem)
    return render(request, "family/desk/relations.html", context, status=422 if is_refused else 200)
