"""What members do with a sent claim: answer, withdraw, appeal, choose another account, send it again."""

from collections.abc import Collection
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page
from mypolis.insurance.bank_accounts.access import UnknownBankAccount, accounts_for
from mypolis.insurance.claims.clinic_bills.answering import answer_bill
from mypolis.insurance.claims.drafts.checklist import OTHER
from mypolis.insurance.claims.lifecycle import following
from mypolis.insurance.claims.pages.claim_requests import for_claims, not_now, opened, sent_or_404
from mypolis.insurance.claims.pages.forms import AccountForm, AnswerForm, AppealForm
from mypolis.insurance.claims.pages.headlines import is_grave
from mypolis.insurance.claims.pages.views import claim_shown
from mypolis.insurance.claims.payees import payee_of
from mypolis.insurance.claims.presenters import ShownClaim, shown
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads.errors import UploadError
from mypolis.membership.uploads.form_files import received_from_form, takes_files


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@for_claims
def answer(request: HttpRequest, market: str, account: Account, claim: str) -> HttpResponse:
    """Answer open questions; the review goes on once none is open. The form itself is on the claim's page."""
    one = sent_or_404(request, account, claim)
    if not one.open_questions or request.method != "POST":
        return redirect("claim", market, claim)
    if "answer" not in one.can:
        return not_now(request, account, claim)
    refused = _receive(request, one, AnswerForm(one.open_questions, frozenset()).kinds)
    filed = following.answered_by_file(one.claim, one.open_questions)
    form = AnswerForm(one.open_questions, filed, request.POST)
    if refused is not None:
        form.add_error(None, str(refused.message))
    if not form.is_valid():
        return claim_shown(request, shown([one.claim], account)[0], form)
    try:
        following.answer(account=account, claim=one.claim.pk, answers=form.answers, by=actor_of(request))
    except following.NothingAnswered:  # the file that answered was refused or removed meanwhile
        form.add_nothing_answered()
        return claim_shown(request, shown([one.claim], account)[0], form)
    except following.UnknownQuestion:
        return not_now(request, account, claim)
    return redirect("claim", market, claim)


def _receive(request: HttpRequest, one: ShownClaim, kinds: Collection[str]) -> UploadError | None:
    """Take the files of a form that was sent without script; returns why one was refused."""
    for kind in sorted(kinds):
        files = request.FILES.getlist(kind)
        if not files:
            continue
        try:
            received_from_form(
                account=one.account,
                files=files,
                metadata={"claim": str(one.claim.pk), "document": kind},
                by=actor_of(request),
            )
        except UploadError as error:
            return error
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@for_claims
def withdraw(request: HttpRequest, market: str, account: Account, claim: str) -> HttpResponse:
    """Ask whether the member means it, then withdraw the claim."""
    one = sent_or_404(request, account, claim)
    if request.method == "POST":
        following.withdraw(account=account, claim=one.claim.pk, by=actor_of(request))
        return redirect("claim", market, claim)
    if "withdraw" not in one.can:
        return not_now(request, account, claim)
    return render(request, "claims/withdraw.html", {"shown": one})


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@for_claims
def appeal(request: HttpRequest, market: str, account: Account, claim: str) -> HttpResponse:
    """Ask, with a reason, that somebody else look at the decision again."""
    one = sent_or_404(request, account, claim)
    if "appeal" not in one.can:
        return redirect("claim", market, claim) if one.claim.state == "appealed" else not_now(request, account, claim)
    form = AppealForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (refused := _receive(request, one, [OTHER])) is not None:
        form.add_error(None, str(refused.message))
    if form.is_valid():
        try:
            following.appeal(account=account, claim=one.claim.pk, text=form.cleaned_data["text"], by=actor_of(request))
        except following.TooLate:
            return not_now(request, account, claim)
        return redirect("claim", market, claim)
    context = {"shown": one, "form": form, "is_grave": is_grave(one), "other": OTHER}
    return render(request, "claims/appeal.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_claims
def change_account(request: HttpRequest, market: str, account: Account, claim: str) -> HttpResponse:
    """Choose another account after a payment came back. `?bank_account=` preselects one that was just added."""
    one = sent_or_404(request, account, claim)
    if "change-account" not in one.can:
        return not_now(request, account, claim)
    payee = payee_of(one.claim, account)
    accounts = [row for row in accounts_for(payee) if row.pk != one.claim.pay_to_id]
    only = str(accounts[0].pk) if len(accounts) == 1 else ""
    chosen = {"bank_account": request.GET.get("bank_account", only)}
    form = AccountForm(accounts, request.POST if request.method == "POST" else None, initial=chosen)
    if form.is_valid():
        try:
            following.change_account(
                account=account,
                claim=one.claim.pk,
                pay_to=UUID(form.cleaned_data["bank_account"]),
                by=actor_of(request),
            )
        except (UnknownBankAccount, following.SameAccount):
            return not_now(request, account, claim)
        return redirect("claim", market, claim)
    context = {"shown": one, "form": form, "has_accounts": bool(accounts), "can_add": payee == account}
    return render(request, "claims/account.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_claims
def answer_clinic_bill(request: HttpRequest, market: str, account: Account, claim: str) -> HttpResponse:
    """Was this treatment yours? After a "no", the page says whom to call."""
    one = sent_or_404(request, account, claim)
    said = request.POST.get("mine", "")
    if said in ("yes", "no"):
        answer_bill(account=account, claim=one.claim.pk, is_mine=said == "yes", by=actor_of(request))
    return redirect("claim", market, claim)


@require_POST
@for_claims
def send_again(request: HttpRequest, market: str, account: Account, claim: str) -> HttpResponse:
    """Begin a new draft with everything that a rejected, lapsed or withdrawn claim held."""
    one = opened(request, account, claim)
    try:
        new = following.send_again(account=account, claim=one.claim.pk, by=actor_of(request))
    except LimitReached as limit:
        return limit_page(request, limit.until)
    return redirect("claim", market, new.pk)
