"""The page on which a colleague enters a claim that came by phone, by post or in the office."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.lib.text.clean_text import UnsafeText
from mypolis.foundation.rooms import Text
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.web.form_fields.fields import UNSAFE
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.bank_accounts.access import UnknownBankAccount, accounts_for
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims import access
from mypolis.insurance.claims.drafts.flows import UnknownBenefit
from mypolis.insurance.claims.entering.choices import Choice, OwnOrFamily
from mypolis.insurance.claims.entering.flows import enter
from mypolis.insurance.claims.entering.forms import PAPER, EntryForm, StartForm, paper_kinds
from mypolis.insurance.claims.entering.offers import all_choices, offers_for
from mypolis.insurance.claims.entering.papers import Place, Refused, keep, let_go, papers_of, sent_before
from mypolis.insurance.claims.lifecycle.sending import Incomplete
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.rights import ENTER_CLAIMS
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import is_close_to
from mypolis.membership.family.staff_relations.staff_viewings import record_staff_viewing
from mypolis.membership.people.models import Person
from mypolis.membership.uploads.form_files import takes_files_at_desk

_OWN = _("These are your own data or your family’s. A colleague must enter this claim.")
_NO_ACCOUNT = _("This person is not registered in the portal, so nobody could follow the claim, answer or be paid.")
_INVITE = (
    _("Is it a child? Enter the claim on the page of the parent, where the child’s covers are."),
    _(
        "Otherwise open the page Account, check that phone and email are right, and send an invitation. Without a "
        "contact that works, propose a correction there first."
    ),
    _(
        "Note the day on which the papers came and keep them: once the person is registered and has added a bank "
        "account, the claim is entered with that day. It can be at most 60 days ago."
    ),
)
_NO_BANK = _("We know no bank account of this person, so the claim could not be paid.")
_ADD_BANK = (
    _(
        "Ask them to sign in and add one under Bank accounts. They confirm it with a code: so nobody can lead the "
        "money elsewhere with a letter or a call."
    ),
    _("Never take an account number by phone or from a letter, even if it is on the form."),
    _("Note the day on which the claim came. Enter it with that day as soon as the account is there."),
)
_TOO_MANY = _("You have entered very many claims today. Everything that you typed is still here: send it tomorrow.")
_CHANGED = _("Covers or accounts changed meanwhile. Please begin again.")
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
        return _refused(request, found, _NO_ACCOUNT, _INVITE)
    accounts, offered = accounts_for(account), offers_for(account)
    if not offered:
        return _refused(request, found, _NO_COVER)
    if not accounts and "key" not in request.POST:
        return _refused(request, found, _NO_BANK, _ADD_BANK)
    start = StartForm(offered, request.POST if request.method == "POST" else None)
    if not start.is_bound or not start.is_valid():
        said = _entered_before(request, account)
        return _page(request, found, "start", {"form": start, "said": said}, is_wrong=start.is_bound)
    choice = dict(all_choices(offered))[start.cleaned_data["what"]]
    if choice.membership.person_id != found.pk:
        _record_look(request, choice.membership.person)
    if "key" not in request.POST:
        return _entry_page(request, found, choice, EntryForm(account, choice, accounts))
    form, claim = _Round(request, account, choice, accounts).answer()
    if claim is not None:
        return redirect(f"{reverse('desk-claim-enter', args=[market, person])}?number={claim.number}")
    return _entry_page(request, found, choice, form)


class _Round:
    """One sending of the form. Its scans are kept before anything else, so an error costs no scan."""

    def __init__(self, request: HttpRequest, account: Account, choice: Choice, accounts: Sequence[BankAccount]) -> None:
        self._data, self._files, self._by = request.POST, request.FILES, actor_of(request)
        self._account, self._choice, self._accounts = account, choice, accounts
        key = _uuid(request.POST.get("key", ""))
        if key is None:
            raise Http404("no key of a form")
        self._place = Place(account=account, choice=choice, key=key, staff=signed_in(request).pk)

    def answer(self) -> tuple[EntryForm, Claim | None]:
        """The claim that was entered; without one, the form says what is wrong, or shows what was asked for."""
        refused, problem = self._keep()
        file = _uuid(self._data.get("remove", ""))
        if file is not None:
            let_go(self._place, file, by=self._by)
        is_redrawn = "more" in self._data or "remove" in self._data
        form = EntryForm(
            self._account,
            self._choice,
            self._accounts,
            self._data,
            kept=papers_of(self._place),
            refused=refused,
            is_redrawn=is_redrawn,
        )
        if not self._accounts:  # the member removed the last one while this page was open
            form.add_error(None, str(_NO_BANK))
        if problem is not None:
            form.add_error(None, str(problem))
        if is_redrawn:
            return form, None
        return form, self._enter(form) if form.is_valid() else sent_before(self._place)

    def _keep(self) -> tuple[list[Refused], Text | None]:
        """Keep the scans that came with the form. Returns those that could not be kept, and why none could."""
        kinds = [kind for kind, _name in paper_kinds(self._choice)]
        papers = {kind: self._files.getlist(PAPER + kind) for kind in kinds if PAPER + kind in self._files}
        if not papers:
            return [], None
        try:
            return keep(self._place, papers, by=self._by), None
        except _REFUSALS as refusal:
            return [], _said(refusal)

    def _enter(self, form: EntryForm) -> Claim | None:
        """Enter the claim; None if the form now says what is wrong."""
        try:
            return enter(self._place, form.entry(), by=self._by)
        except Incomplete as incomplete:
            form.say_what_is_missing(incomplete.missing)
        except (UnsafeText, UnknownBankAccount, *_REFUSALS) as refusal:
            form.add_error(None, str(_said(refusal)))
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


_REFUSALS = (OwnOrFamily, LimitReached, access.UnknownClaim, UnknownBenefit)


def _said(refusal: Exception) -> Text:
    """What the page says about a refusal."""
    if isinstance(refusal, LimitReached):
        return _TOO_MANY
    if isinstance(refusal, OwnOrFamily):
        return _OWN
    return UNSAFE if isinstance(refusal, UnsafeText) else _CHANGED


def _entry_page(request: HttpRequest, person: Person, choice: Choice, form: EntryForm) -> HttpResponse:
    context = {"form": form, "choice": choice, "benefit_name": say(choice.benefit.name)}
    what = request.POST["what"]
    return _page(request, person, "entry", context | {"what": what}, is_wrong=bool(form.errors))


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


def _refused(request: HttpRequest, person: Person, why: Promise, steps: Sequence[Promise] = ()) -> HttpResponse:
    """Say why no claim can be entered, and what the colleague can do now."""
    return _page(request, person, "refused", {"why": why, "steps": steps}, is_wrong=request.method == "POST")


def _page(request: HttpRequest, person: Person, name: str, context: dict[str, Any], *, is_wrong: bool) -> HttpResponse:
    context |= {"person": person, "back_url": reverse("desk-person", args=[person.market, person.pk])}
    return render(request, f"claims/entering/{name}.html", context, status=422 if is_wrong else 200)
