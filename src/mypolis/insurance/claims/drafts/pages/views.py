"""The pages of a draft on which a member types: for whom and what for, the treatment and the bills, where to pay."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.lib.row_number import row_number
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page
from mypolis.insurance.bank_accounts.access import UnknownBankAccount, accounts_for
from mypolis.insurance.claims import access
from mypolis.insurance.claims.drafts import flows
from mypolis.insurance.claims.drafts.pages.bill_pages import (
    bill_sheet,
    bills_context,
    bills_sheet,
    form_of,
    json_answer,
    without_line,
)
from mypolis.insurance.claims.drafts.pages.draft_requests import (
    about,
    address_after,
    address_of,
    address_of_new_account,
    for_drafts,
    head,
)
from mypolis.insurance.claims.drafts.pages.sheets import Sheet
from mypolis.insurance.claims.drafts.saving import Saved, save_typed
from mypolis.insurance.claims.drafts.starting import covers_of, groups_for
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.payees import may_add_account, payee_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def new(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """Choose for whom the claim is, and for which benefit; this begins the draft."""
    today = account.profile.today()
    covers = covers_of(access.for_whom(account), today)
    wanted = request.POST.get("for") or request.GET.get("for") or ""
    chosen = next((one for one in covers if str(one.membership.pk) == wanted), None)
    if wanted and chosen is None:
        raise Http404("no such cover")
    chosen = chosen or next(iter(covers), None)
    gone = False
    if request.method == "POST" and chosen is not None:
        try:
            return _begun(request, account, str(chosen.membership.pk))
        except LimitReached as limit:
            return limit_page(request, limit.until)
        except access.UnknownClaim:
            raise Http404("no such cover any more") from None
        except flows.UnknownBenefit:
            gone = True
    here = reverse("claim-new", args=[market])
    groups = groups_for(chosen.membership, today) if chosen else []
    context = {
        "chosen": chosen,
        "covers": [(f"{here}?for={one.membership.pk}", one.label, one is chosen) for one in covers],
        "groups": groups,
        "is_treatment": any(group.is_treatment for group in groups),
        "draft": uuid4(),
        "gone": gone,
    }
    return render(request, "claims/drafts/new.html", context, status=422 if gone else 200)


def _begun(request: HttpRequest, account: Account, membership: str) -> HttpResponse:
    draft = flows.start(
        account=account,
        membership=membership,
        benefit=request.POST.get("benefit") or "-",
        by=actor_of(request),
        key=_uuid(request.POST.get("draft", "")),
    )
    return redirect(address_of(draft, "documents"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_drafts
def bills(request: HttpRequest, account: Account, draft: Claim) -> HttpResponse:
    """The treatment, and the bill if there is at most one; several bills are listed."""
    sheet = bills_sheet(account, draft, _uuid(request.POST.get("line", "")))
    if sheet is None:
        return redirect("claim-review", draft.market, draft.pk)
    return _typed(request, account, draft, sheet, "claims/drafts/bills.html")


@require_http_methods(["GET", "HEAD", "POST"])
@for_drafts
def bill(request: HttpRequest, account: Account, draft: Claim, line: UUID) -> HttpResponse:
    """One of several bills; an unknown id is that of a new bill."""
    sheet = bill_sheet(account, draft, line)
    if sheet is None:
        return redirect("claim-review", draft.market, draft.pk)
    return _typed(request, account, draft, sheet, "claims/drafts/bill.html")


def _typed(request: HttpRequest, account: Account, draft: Claim, sheet: Sheet, template: str) -> HttpResponse:
    """The page of a sheet: shows it, saves what was typed, or answers the page's script."""
    form = form_of(sheet, draft, request.POST if request.method == "POST" else None)
    saved = Saved(draft, {})
    status = 200
    if form.is_bound:
        form.is_valid()
        saved = _saved(request, account, draft, sheet, form)
        for name, text in saved.conflicts.items():
            form.add_error(name, text)
        if "application/json" in request.headers.get("Accept", ""):
            return json_answer(sheet, saved, form)
        if not form.errors:
            return redirect(_next(request, account, saved.draft, sheet))
        status = 409 if saved.conflicts else 422
    page = head(account, saved.draft, "bills") | bills_context(account, saved.draft, sheet, form)
    return render(request, template, page, status=status)


def _saved(request: HttpRequest, account: Account, draft: Claim, sheet: Sheet, form: Any) -> Saved:
    try:
        return save_typed(
            account=account,
            draft=draft,
            sheet=sheet,
            form=form,
            version=row_number(request.POST.get("version", "")),
            by=actor_of(request),
        )
    except flows.TooManyLines:
        form.add_error(
            None, _("A claim can have %(most)d bills. Send this one, then make another.") % {"most": flows.MOST_LINES}
        )
        return Saved(draft, {})
    except flows.Stale as stale:
        form.add_error(None, _("Another device is saving this claim at the moment. Please try again."))
        return Saved(stale.claim, {})


def _next(request: HttpRequest, account: Account, draft: Claim, sheet: Sheet) -> str:
    then = request.POST.get("then", "")
    if then == "later":
        return reverse("claims", args=[draft.market])
    if then == "add":
        return reverse("claim-bill", args=[draft.market, draft.pk, uuid4()])
    return address_after(account, draft, "bills") if sheet.has_treatment else address_of(draft, "bills")


@require_POST
@for_drafts
def remove_bill(request: HttpRequest, account: Account, draft: Claim, line: UUID) -> HttpResponse:
    """Remove a bill; one that is gone already stays gone."""
    without_line(account, draft, line, by=actor_of(request))
    return redirect(address_of(draft, "bills"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_drafts
def pay(request: HttpRequest, account: Account, draft: Claim) -> HttpResponse:
    """Where to pay: one of the saved accounts. A proxy chooses among the giver's."""
    payee = payee_of(draft, account)
    wanted = request.POST.get("pay_to", "")
    gone = False
    if request.method == "POST" and wanted:
        try:
            flows.choose_account(account=account, claim=draft.pk, bank_account=UUID(wanted), by=actor_of(request))
            return redirect(address_of(draft, "review"))
        except (UnknownBankAccount, ValueError):
            gone = True
    context = {
        "accounts": accounts_for(payee),
        "chosen": draft.pay_to_id,
        "add_url": address_of_new_account(draft) if may_add_account(account, draft) else "",
        "unchosen": request.method == "POST" and not wanted,
        "gone": gone,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "claims/drafts/pay.html", head(account, draft, "pay") | context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_drafts
def discard(request: HttpRequest, account: Account, draft: Claim) -> HttpResponse:
    """Ask whether to delete the draft; the button deletes it."""
    if request.method == "POST":
        flows.discard(account=account, claim=draft.pk, by=actor_of(request))
        return redirect("claims", draft.market)
    return render(request, "claims/drafts/discard.html", {"about": about(account, draft), "claim": draft})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
