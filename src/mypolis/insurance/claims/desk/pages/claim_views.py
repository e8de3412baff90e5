"""One claim at the desk: its page, taking it and giving it away, looking without taking it, its documents."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.files.serving import serve, serve_preview
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.web import cookies
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims.desk import in_hand
from mypolis.insurance.claims.desk.looking import LIFE, Because, look
from mypolis.insurance.claims.desk.may_work import right_for
from mypolis.insurance.claims.desk.pages.claim_page import claim_page
from mypolis.insurance.claims.desk.pages.hand_over_form import HandOverForm
from mypolis.insurance.claims.desk.pages.opened import LOOK_COOKIE, open_claim, open_health
from mypolis.insurance.claims.desk.refusals import Refused
from mypolis.insurance.claims.rights import ASSESS_CLAIMS

_LONGEST_PAGE = 5


@needs(ASSESS_CLAIMS)
@require_safe
def claim(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Shows a claim: all of it to whoever has it in hand or looks for a reason, its head to others."""
    return claim_page(request, open_claim(request, market, number))


@needs(ASSESS_CLAIMS)
@require_POST
def take(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Takes a claim in hand; with `over`, also from a colleague."""
    found = open_claim(request, market, number)
    act = in_hand.take_over if request.POST.get("over") else in_hand.take
    try:
        act(claim=found.claim, staff=signed_in(request), by=actor_of(request))
    except Refused as refused:
        return claim_page(request, open_claim(request, market, number), refused.sentence)
    return redirect("desk-claim", market, number)


@needs(ASSESS_CLAIMS)
@require_POST
def put_back(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Puts a claim back into the queue."""
    found = open_claim(request, market, number)
    try:
        in_hand.put_back(claim=found.claim, staff=signed_in(request), by=actor_of(request))
    except Refused as refused:
        return claim_page(request, open_claim(request, market, number), refused.sentence)
    return redirect("desk-claims", market)


@needs(ASSESS_CLAIMS)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Gives a claim to a colleague who is chosen from a list."""
    found = open_claim(request, market, number)
    try:
        in_hand.check_may_give(found.claim, found.holder, found.staff)
    except Refused as refused:
        return claim_page(request, found, refused.sentence)
    sent = request.POST if request.method == "POST" else None
    form = HandOverForm(market, right_for(found.claim), found.staff, sent)
    if form.is_bound and form.is_valid():
        try:
            in_hand.hand_over(claim=found.claim, staff=found.staff, to=form.colleague, by=actor_of(request))
            return redirect("desk-claim", market, number)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {"form": form, "claim": found.claim, "back_url": reverse("desk-claim", args=[market, number])}
    return render(request, "claims/desk/hand_over.html", context, status=422 if form.is_bound else 200)


@needs(ASSESS_CLAIMS)
@require_POST
def look_without_taking(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Opens a claim for a quarter of an hour to somebody who says why."""
    found = open_claim(request, market, number)
    try:
        because = Because(request.POST.get("because", ""))
    except ValueError:
        return redirect("desk-claim", market, number)
    try:
        given = look(claim=found.claim, because=because, staff=found.staff, by=actor_of(request))
    except Refused as refused:
        return claim_page(request, found, refused.sentence)
    response = redirect("desk-claim", market, number)
    cookies.write(response, LOOK_COOKIE, market, given, life=LIFE)
    return response


@needs(ASSESS_CLAIMS)
@require_safe
def file(request: HttpRequest, market: str, number: str, file: UUID) -> HttpResponseBase:
    """A picture of a page (`?page=2`), or the cleaned copy (`?full=1`); only while the claim is open to this person."""
    found = open_health(request, market, number)
    rows = ReceivedFile.objects.of(found.claim).filter(pk=file, state=ReceivedState.CLEAN).select_related("cleaned")
    received = rows.first()
    if received is None or received.cleaned is None:
        raise Http404("no such clean file")
    if request.GET.get("full") == "1":
        return serve(request, received.cleaned, owner=found.claim, inline=True)
    named = request.GET.get("page", "1")
    is_number = named.isascii() and named.isdigit() and len(named) <= _LONGEST_PAGE
    return serve_preview(request, received, int(named) if is_number else 1)
