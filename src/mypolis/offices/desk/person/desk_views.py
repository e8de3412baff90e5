"""The pages about a person. Each look is recorded, and the person sees it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mypolis.foundation.lib.text.masking import mask_tail
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import needs
from mypolis.membership.people.desk_page import Page
from mypolis.membership.people.models import Person
from mypolis.offices.desk.person.events import events_about
from mypolis.offices.desk.person.opening import open_person
from mypolis.offices.desk.person.sections import sections_of
from mypolis.offices.desk.rights import SEE_PEOPLE


@needs(SEE_PEOPLE)
@require_safe
def person(request: HttpRequest, market: str, person: int) -> HttpResponse:
    """Who the person is, and what they have: covers, family, cards, claims."""
    found, profile = open_person(request, market, person), profile_of(market)
    labels, today = {kind.key: kind.label for kind in profile.policy_types}, profile.today()
    covers = [
        (row, row.status_on(today), labels.get(row.policy.type, row.policy.type)) for row in found.memberships.all()
    ]
    return render(request, "desk/person.html", {**page_of(request, found, "person"), "covers": covers})


@needs(SEE_PEOPLE)
@require_safe
def account(request: HttpRequest, market: str, person: int) -> HttpResponse:
    """The account: its state, contact points, devices, limits, consents, invitations."""
    found = open_person(request, market, person)
    return render(request, "desk/account.html", page_of(request, found, "account"))


@needs(SEE_PEOPLE)
@require_safe
def history(request: HttpRequest, market: str, person: int) -> HttpResponse:
    """What happened: the newest events, and what the rooms add."""
    found = open_person(request, market, person)
    context = {**page_of(request, found, "history"), "events": events_about(found)}
    return render(request, "desk/history.html", context)


def page_of(request: HttpRequest, found: Person, page: Page) -> dict[str, Any]:
    """What all pages about a person show: who it is, the tabs, the sections of the rooms."""
    routes: list[tuple[Page, str, str]] = [
        ("person", "desk-person", _("Person")),
        ("account", "desk-person-account", _("Account")),
        ("history", "desk-person-history", _("History")),
    ]
    return {
        "person": found,
        "national_id": mask_tail(found.national_id) if found.national_id else "",
        "tabs": [(reverse(route, args=[found.market, found.pk]), text, key == page) for key, route, text in routes],
        "sections": sections_of(request, found, page),
        "back_url": reverse("desk-people", args=[found.market]),
    }
