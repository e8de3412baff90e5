"""Saves filters of a list, and forgets them."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mypolis.foundation.staff.access import for_staff, signed_in
from mypolis.foundation.staff.lists.saved import flows
from mypolis.foundation.staff.lists.saved.links import read_ticket
from mypolis.foundation.web.form_fields.fields import TextField
from mypolis.foundation.web.requests import actor_of


class NameForm(forms.Form):
    """The name of a filter. Colleagues read only their own."""

    name = TextField(label=_("Name of this filter"), max_length=40)


@for_staff()
@require_POST
def save(request: HttpRequest, market: str) -> HttpResponse:
    """Saves the filters that the list's form carries, and shows the list again."""
    carried, form = read_ticket(request.POST.get("ticket", "")), NameForm(request.POST)
    if carried is None:
        raise Http404("no filters to save")
    path, query = carried
    if form.is_valid():
        wanted = {"path": path, "query": query, "name": form.cleaned_data["name"]}
        try:
            flows.save_filter(account=signed_in(request), market=market, by=actor_of(request), **wanted)
        except flows.TooMany:
            return redirect(f"{path}?{query}&saved=full")
    return redirect(f"{path}?{query}")


@for_staff()
@require_POST
def forget(request: HttpRequest, market: str, saved: int) -> HttpResponse:
    """Forgets one of one's own filters."""
    path = flows.forget_filter(account=signed_in(request), market=market, key=saved, by=actor_of(request))
    if path is None:
        raise Http404("no such filter")
    return redirect(path)
