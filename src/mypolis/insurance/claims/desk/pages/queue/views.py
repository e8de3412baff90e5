"""The queue of the claims desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.staff.lists.bulk import acts_for
from mypolis.foundation.staff.lists.saved.links import saved_for
from mypolis.insurance.claims.desk.next_claim import next_claim
from mypolis.insurance.claims.desk.pages.queue.acts import ACTS
from mypolis.insurance.claims.desk.pages.queue.form import QueueForm
from mypolis.insurance.claims.desk.pages.wording import BADGES, STATES
from mypolis.insurance.claims.desk.queue import queue_page
from mypolis.insurance.claims.rights import ASSESS_CLAIMS, CLAIM_QUEUE


@needs(CLAIM_QUEUE)
@require_safe
def queue(request: HttpRequest, market: str) -> HttpResponse:
    """Lists the claims that wait, in the chosen order, page by page."""
    profile = profile_of(market)
    form = QueueForm(market, request.GET)
    page = queue_page(profile, form.wanted, signed_in(request), after=request.GET.get("after", ""))
    rows = [(row, STATES[row.state], BADGES.get(row.state, "info"), form.names.get(row.benefit)) for row in page.rows]
    context = {
        "rows": rows,
        "filters": {"form": form},
        "saved": saved_for(request, form),
        "acts": acts_for(request, market, ACTS),
        "after": page.after,
        "query": form.query,
        "today": profile.today(),
    }
    return render(request, "claims/desk/queue.html", context)


@needs(ASSESS_CLAIMS)
@require_safe
def next_one(request: HttpRequest, market: str) -> HttpResponse:
    """Leads to the claim that this person should take next, or to the queue if there is none."""
    found = next_claim(profile_of(market), signed_in(request))
    return redirect("desk-claim", market, found.number) if found else redirect("desk-claims", market)
