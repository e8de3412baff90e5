"""Pages of the desk that show guarantees: the list, one guarantee, and its letters."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mypolis.foundation.files.models import StoredFile
from mypolis.foundation.files.serving import serve
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.staff.lists.bulk import acts_for
from mypolis.foundation.staff.lists.saved.links import saved_for
from mypolis.insurance.guarantees.desk.list_acts import ACTS
from mypolis.insurance.guarantees.desk.listing import listed
from mypolis.insurance.guarantees.desk.one_guarantee import found_in, is_held, shown_to
from mypolis.insurance.guarantees.rights import ASSESS_GUARANTEES


@needs(ASSESS_GUARANTEES)
@require_safe
def guarantees(request: HttpRequest, market: str) -> HttpResponse:
    """Lists the guarantees of a market, without names and treatments."""
    context = listed(market, request.GET, staff=signed_in(request).pk)
    context |= {"saved": saved_for(request, context["filters"].form), "acts": acts_for(request, market, ACTS)}
    return render(request, "guarantees/desk/list.html", context)


@needs(ASSESS_GUARANTEES)
@require_safe
def guarantee(request: HttpRequest, market: str, guarantee: str) -> HttpResponse:
    """Shows one guarantee; person and treatment only to whoever has it in hand."""
    context = shown_to(found_in(market, guarantee), signed_in(request))
    return render(request, "guarantees/desk/guarantee.html", context)


@needs(ASSESS_GUARANTEES)
@require_safe
def letter(request: HttpRequest, market: str, guarantee: str, letter: int) -> HttpResponseBase:
    """A letter as it was issued, for whoever has the guarantee in hand."""
    one = found_in(market, guarantee)
    issued = one.letters.filter(pk=letter).first() if is_held(one, signed_in(request)) else None
    file = StoredFile.objects.of(issued).first() if issued is not None else None
    if issued is None or file is None:
        raise Http404("no such letter")
    return serve(request, file, owner=issued, inline=True)
