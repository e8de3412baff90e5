"""The pages about a person. Each look is recorded, and the person sees it."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from mypolis.foundation.lib.text.masking import mask_tail
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.desk_page import Page
from mypolis.membership.people.models import Person
from mypolis.offices.desk.helping.forms import ReasonForm
from mypolis.offices.desk.person.events import events_about
from mypolis.offices.desk.person.opening import open_person
from mypolis.offices.desk.person.sections import sections_of
from mypolis.offices.desk.rights import (
    CHANGE_ACCOUNTS,
    CORRECT_CONTACTS,
    RESEND_INVITATIONS,
    SEE_PEOPLE,
    UNLOCK_ACCOUNTS,
)


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
    """The account, its contact points, devices, consents and invitations, and what staff can do about it."""
    return account_page(request, open_person(request, market, person))


@needs(SEE_PEOPLE)
@require_safe
def history(request: HttpRequest, market: str, person: int) -> HttpResponse:
    """What happened: the newest events, and what the rooms add."""
    found = open_person(request, market, person)
    context = {**page_of(request, found, "history"), "events": events_about(found)}
    return render(request, "desk/history.html", context)


def account_page(request: HttpRequest, found: Person, problem: str = "") -> HttpResponse:
    """The page of the account, with what went wrong, or a message about what was just done."""
    profile, staff = profile_of(found.market), signed_in(request)
    held: Account | None = getattr(found, "account", None)
    has_account, is_locked = held is not None, held is not None and held.locked_at is not None
    context = {
        **page_of(request, found, "account"),
        "may_invite": profile.sends_invitations and not has_account and staff.may(RESEND_INVITATIONS, found.market),
        "may_correct": has_account and staff.may(CORRECT_CONTACTS, found.market),
        "may_change": has_account and staff.may(CHANGE_ACCOUNTS, found.market),
        "may_lock": has_account and not is_locked and staff.may(CHANGE_ACCOUNTS, found.market),
        "may_unlock": is_locked and staff.may(UNLOCK_ACCOUNTS, found.market),
        "has_usernames": profile.uses_usernames,
        "reason": ReasonForm(),
        "problem": problem,
        "said": "" if problem else _said(request.GET.get("done", "")),
    }
    return render(request, "desk/account.html", context, status=422 if problem else 200)


def page_of(request: HttpRequest, found: Person, page: Page | Literal["limits"]) -> dict[str, Any]:
    """What all pages about a person show: who it is, the tabs, the sections of the rooms."""
    routes: list[tuple[str, str, str]] = [
        ("person", "desk-person", _("Person")),
        ("account", "desk-person-account", pgettext("sign-in", "Account")),
        ("limits", "desk-person-limits", _("Limits")),
        ("history", "desk-person-history", _("History")),
    ]
    return {
        "person": found,
        "national_id": mask_tail(found.national_id) if found.national_id else "",
        "tabs": [(reverse(route, args=[found.market, found.pk]), text, key == page) for key, route, text in routes],
        "sections": [] if page == "limits" else sections_of(request, found, page),
        "may_change": signed_in(request).may(CHANGE_ACCOUNTS, found.market),
        "back_url": reverse("desk-people", args=[found.market]),
    }


def _said(done: str) -> str:
    """The message about what was just done; empty for nothing."""
    texts = {
        "sessions": _("The member is signed out everywhere."),
        "locked": _("The account is locked. The member gets a message."),
        "username": _("A new username is on its way by mail."),
        "invitation": _("A new invitation is on its way by mail."),
        "limits": _("The limits are lifted."),
    }
    return texts.get(done, "")
