"""What staff do for a person: each is a form and a message afterwards. Nobody does it for their own family."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.staff.act_page import Act, act_page
from mypolis.foundation.staff.approvals.flows import NotYours, propose
from mypolis.foundation.staff.approvals.kinds import ApprovalKind
from mypolis.foundation.staff.approvals.refusals import refusal_of, why_not
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.usernames.new_username import NoUsername
from mypolis.membership.family.staff_relations.colleagues import is_close_to
from mypolis.membership.operators.limit_inspection import blocks_of, lift_of
from mypolis.membership.operators.locking import AlreadyLocked
from mypolis.membership.people.models import Person
from mypolis.offices.desk.helping.acts import CORRECT_CONTACT, LOCK, UNLOCK
from mypolis.offices.desk.helping.contact_approval import CONTACT_CORRECTION, payload_of
from mypolis.offices.desk.helping.flows import give_new_username, lock_member, send_new_invitation, sign_member_out
from mypolis.offices.desk.helping.forms import CheckedForm, ContactForm, ReasonForm
from mypolis.offices.desk.helping.unlock_approval import UNLOCKING
from mypolis.offices.desk.helping.unlock_approval import payload_of as unlock_payload
from mypolis.offices.desk.person.desk_views import account_page, page_of
from mypolis.offices.desk.person.opening import open_person
from mypolis.offices.desk.rights import (
    CHANGE_ACCOUNTS,
    CORRECT_CONTACTS,
    RESEND_INVITATIONS,
    SEE_PEOPLE,
    UNLOCK_ACCOUNTS,
)

type _Help = Callable[[HttpRequest, Person], HttpResponse]


def _for_others(view: _Help) -> Callable[[HttpRequest, str, int], HttpResponse]:
    """Give the view the person; refuse it for whoever this is, and for their family.

    It counts as a look, because a refused form shows the page of the account.
    """

    @wraps(view)
    def helped(request: HttpRequest, market: str, person: int) -> HttpResponse:
        found = open_person(request, market, person)
        if is_close_to(signed_in(request).pk, found.pk):
            return account_page(request, found, why_not("own"))
        return view(request, found)

    return helped


@needs(CHANGE_ACCOUNTS)
@require_POST
@_for_others
def end_sessions(request: HttpRequest, person: Person) -> HttpResponse:
    """Signs the member out everywhere, with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return account_page(request, person, _("Please choose a reason."))
    sign_member_out(account=_account_of(person), reason=form.cleaned_data["reason"], by=actor_of(request))
    return _done(person, "sessions")


@needs(CHANGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
@_for_others
def lock(request: HttpRequest, person: Person) -> HttpResponse:
    """Locks the account, with a reason. One person is enough, because it must be quick."""
    account, form = _account_of(person), ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason, staff = form.cleaned_data["reason"], signed_in(request).pk
        try:
            lock_member(account=account, reason=reason, staff=staff, by=actor_of(request))
        except LimitReached as limit:
            return limit_page(request, limit.until)
        except AlreadyLocked:
            return account_page(request, person, _("The account is locked already."))
        return _done(person, "locked")
    return _sheet(request, LOCK, person, form)


@needs(UNLOCK_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
@_for_others
def unlock(request: HttpRequest, person: Person) -> HttpResponse:
    """Proposes to unlock the account; a second operator approves."""
    account, form = _account_of(person), CheckedForm(request.POST if request.method == "POST" else None)
    if account.locked_at is None:
        return account_page(request, person, _("The account is not locked."))
    if form.is_bound and form.is_valid():
        proposed = _propose(request, UNLOCKING, person, unlock_payload(account, form.cleaned_data["checked"]), form)
        if proposed is not None:
            return proposed
    return _sheet(request, UNLOCK, person, form)


@needs(CHANGE_ACCOUNTS)
@require_POST
@_for_others
def new_username(request: HttpRequest, person: Person) -> HttpResponse:
    """Gives the member a new username by mail."""
    try:
        give_new_username(account=_account_of(person), staff=signed_in(request).pk, by=actor_of(request))
    except LimitReached as limit:
        return limit_page(request, limit.until)
    except NoUsername:
        return account_page(request, person, _("There is no confirmed email address to which a username can go."))
    return _done(person, "username")


@needs(RESEND_INVITATIONS)
@require_POST
@_for_others
def resend_invitation(request: HttpRequest, person: Person) -> HttpResponse:
    """Sends a new link by mail; the old one ends."""
    try:
        sent = send_new_invitation(person=person, staff=signed_in(request).pk, by=actor_of(request))
    except LimitReached as limit:
        return limit_page(request, limit.until)
    if sent:
        return _done(person, "invitation")
    return account_page(request, person, _("No invitation was sent. It needs a cover and an email of one person only."))


@needs(SEE_PEOPLE)
@require_safe
def limits(request: HttpRequest, market: str, person: int) -> HttpResponse:
    """Shows the limits in use for a person."""
    found = open_person(request, market, person)
    context = {**page_of(request, found, "limits"), "blocks": blocks_of(found)}
    return render(request, "desk/limits.html", context)


@needs(CHANGE_ACCOUNTS)
@require_POST
@_for_others
def lift_limits(request: HttpRequest, person: Person) -> HttpResponse:
    """Resets all limits in use for a person."""
    lift_of(person, by=actor_of(request))
    return _done(person, "limits")


@needs(CORRECT_CONTACTS)
@require_http_methods(["GET", "HEAD", "POST"])
@_for_others
def correct_contact(request: HttpRequest, person: Person) -> HttpResponse:
    """Proposes to correct a contact point; a second operator approves."""
    account, posted = _account_of(person), request.POST if request.method == "POST" else None
    form = ContactForm(posted, profile=profile_of(person.market))
    if form.is_bound and form.is_valid():
        payload = payload_of(account, form.contact, form.cleaned_data["checked"])
        proposed = _propose(request, CONTACT_CORRECTION, person, payload, form)
        if proposed is not None:
            return proposed
    return _sheet(request, CORRECT_CONTACT, person, form)


def _propose(
    request: HttpRequest, kind: ApprovalKind, person: Person, payload: dict[str, Any], form: Form
) -> HttpResponse | None:
    """Propose a change, and lead to the proposal. None if it was refused: the form says why, and keeps what it has."""
    staff, by = signed_in(request), actor_of(request)
    try:
        made = propose(kind=kind, market=person.market, payload=payload, proposer=staff, by=by)
    except NotYours as error:
        form.add_error(None, refusal_of(error))
        return None
    return redirect("desk-approval", person.market, made.pk)


def _sheet(request: HttpRequest, act: Act, person: Person, form: Form) -> HttpResponse:
    back_url = reverse("desk-person-account", args=[person.market, person.pk])
    return act_page(request, act, about=person.display_name, back_url=back_url, form=form)


def _account_of(person: Person) -> Account:
    """The person's account. Raises Http404."""
    account: Account | None = getattr(person, "account", None)
    if account is None:
        raise Http404("no account")
    return account


def _done(person: Person, what: str) -> HttpResponse:
    url = reverse("desk-person-account", args=[person.market, person.pk])
    return redirect(f"{url}?done={what}")
