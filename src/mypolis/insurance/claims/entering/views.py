"""The page on which a colleague enters a claim that came by phone, by post or in the office."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.lib.text.clean_text import UnsafeText
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.web.form_fields.fields import UNSAFE
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page
from mypolis.insurance.bank_accounts.access import UnknownBankAccount, accounts_for
from mypolis.insurance.claims import access
from mypolis.insurance.claims.drafts.flows import UnknownBenefit
from mypolis.insurance.claims.entering.flows import OwnOrFamily, enter
from mypolis.insurance.claims.entering.forms import EntryForm, StartForm
from mypolis.insurance.claims.entering.offers import all_choices, offers_for
from mypolis.insurance.claims.lifecycle.sending import Incomplete
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.rights import ENTER_CLAIMS
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import is_close_to
from mypolis.membership.family.staff_relations.staff_viewings import record_staff_viewing
from mypolis.membership.people.models import Person
from mypolis.membership.uploads.errors import UploadError
from mypolis.membership.uploads.form_files import takes_files_at_desk

_OWN = _("These are your own data or your family’s. A colleague must enter this claim.")
_NO_ACCOUNT = _(
    "This person is not registered in the portal, so nobody could follow the claim, answer questions or be paid. "
    "Enter a child’s claim on the page of the parent. To others, send an invitation from the page Account, and keep "
    "the papers until they are registered."
)
_NO_BANK = _(
    "We know no bank account of this person. Ask them to add one in the portal, under Bank accounts, and then enter "
    "the claim. Do not take account numbers by phone or from a letter."
)
_NO_COVER = _("This person has no cover for which a claim could be made now.")


@takes_files_at_desk
@needs(ENTER_CLAIMS)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_claim(request: HttpRequest, market: str, person: int) -> HttpResponse:
    """First asks what the claim is for, then everything else; what was typed stays on an error."""
    found = _opened(request, market, person)
    account: Account | None = getattr(found, "account", None)
    if is_close_to(signed_in(request).pk, found.pk):
        return _refused(request, found, _OWN)
    if account is None:
        return _refused(request, found, _NO_ACCOUNT)
    accounts, offered = accounts_for(account), offers_for(account)
    if not accounts or not offered:
        return _refused(request, found, _NO_COVER if accounts else _NO_BANK)
    start = StartForm(offered, request.POST if request.method == "POST" else None)
    if not start.is_bound or not start.is_valid():
        said = _entered_before(request, account)
        return _page(request, found, "start", {"form": start, "said": said}, is_wrong=start.is_bound)
    choice = dict(all_choices(offered))[start.cleaned_data["what"]]
    is_typed = "key" in request.POST
    form = EntryForm(account, choice, accounts, *((request.POST, request.FILES) if is_typed else ()))
    if choice.membership.person_id != found.pk:
        _record_look(request, choice.membership.person)
    if is_typed and form.is_valid():
        try:
            claim = _entered(request, account, form)
        except LimitReached as limit:
            return limit_page(request, limit.until)
        if claim is not None:
            return redirect(f"{reverse('desk-claim-enter', args=[market, person])}?number={claim.number}")
    context = {
        **{"form": form, "choice": choice, "what": start.cleaned_data["what"]},
        **{"benefit_name": say(choice.benefit.name), "had_files": bool(request.FILES)},
    }
    return _page(request, found, "entry", context, is_wrong=is_typed)


def _entered(request: HttpRequest, account: Account, form: EntryForm) -> Claim | None:
    """Enter the claim; None if the form now says what is wrong."""
    try:
        return enter(account=account, entry=form.entry(), staff=signed_in(request).pk, by=actor_of(request))
    except Incomplete as incomplete:
        form.say_what_is_missing(incomplete.missing)
    except UploadError as error:
        form.add_error(None, str(error.message))
    except UnsafeText:
        form.add_error(None, UNSAFE)
    except OwnOrFamily:
        form.add_error(None, _OWN)
    except (access.UnknownClaim, UnknownBenefit, UnknownBankAccount):
        form.add_error(None, _("Covers or accounts changed meanwhile. Please begin again."))
    return None


def _opened(request: HttpRequest, market: str, key: int) -> Person:
    """The person of this market; records the look. Raises Http404."""
    found = Person.objects.filter(market=market, pk=key).select_related("account__person").first()
    if found is None:
        raise Http404("no such person")
    _record_look(request, found)
    return found


def _record_look(request: HttpRequest, person: Person) -> None:
    staff = signed_in(request)
    role = next(iter(sorted(staff.roles_in(person.market) & ENTER_CLAIMS.roles)))
    record_staff_viewing(person=person, staff=staff.pk, role=role, by=actor_of(request))


def _entered_before(request: HttpRequest, account: Account) -> str:
    """The number of the claim that was just entered here; empty without one."""
    number = request.GET.get("number", "")
    mine = Claim.objects.filter(account=account, entered_by=signed_in(request).pk)
    return number if number and mine.filter(number=number).exists() else ""


def _refused(request: HttpRequest, person: Person, why: Promise) -> HttpResponse:
    return _page(request, person, "refused", {"why": why}, is_wrong=request.method == "POST")


def _page(request: HttpRequest, person: Person, name: str, context: dict[str, Any], *, is_wrong: bool) -> HttpResponse:
    context |= {"person": person, "back_url": reverse("desk-person", args=[person.market, person.pk])}
    return render(request, f"claims/entering/{name}.html", context, status=422 if is_wrong else 200)
