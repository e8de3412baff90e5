"""Pages of the desk about payments: runs, one run with its lines, signing, the file, the bank's results."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypolis.foundation.files.serving import protect
from mypolis.foundation.lib.money import Money, format_money
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.staff.act_page import Act, act_page
from mypolis.foundation.staff.lists.pages_by_key import page_of
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims.models import PaymentRun, RunLine
from mypolis.insurance.claims.payments import runs as payment_runs
from mypolis.insurance.claims.payments.acts import BANK_REFUSED_RUN, WITHDRAW_RUN
from mypolis.insurance.claims.payments.desk_forms import ResultsForm, SigningForm
from mypolis.insurance.claims.payments.listing import listed
from mypolis.insurance.claims.payments.refusal_texts import CAME_BACK, CAME_TO, LEFT_OUT, REFUSALS
from mypolis.insurance.claims.payments.refusals import RunRefused
from mypolis.insurance.claims.payments.results import NEWS, take_results
from mypolis.insurance.claims.payments.signing import fetch_file, sign
from mypolis.insurance.claims.rights import PAYMENT_FILES, PAYMENT_RUNS, PAYMENT_SIGNATURES
from mypolis.membership.family.staff_relations.colleagues import is_own_or_family

_CONTENT_TYPES = {"csv": "text/csv; charset=utf-8"}


@needs(PAYMENT_RUNS)
@require_safe
def runs(request: HttpRequest, market: str) -> HttpResponse:
    """Lists the runs of a market, the newest first; with `?open=1` only those that the bank has not answered."""
    return _runs_page(request, market)


@needs(PAYMENT_FILES)
@require_POST
def make(request: HttpRequest, market: str) -> HttpResponse:
    """Makes a run of everything that is due, and names what cannot be paid."""
    try:
        made = payment_runs.make_run(profile=profile_of(market), by=actor_of(request))
    except RunRefused as refused:
        return _runs_page(request, market, _refusal(refused))
    if made.run is not None and not made.left_out:
        return redirect("desk-payment-run", market, made.run.number)
    left_out = [(one.claim, f"{LEFT_OUT[one.code]} {one.character}".rstrip()) for one in made.left_out]
    return _runs_page(request, market, made=made, left_out=left_out)


@needs(PAYMENT_RUNS)
@require_safe
def run(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Shows a run: figures, who made and signed it, lines with masked accounts, and what this person can do."""
    return _run_page(request, _found(market, number))


@needs(PAYMENT_SIGNATURES)
@require_POST
def sign_run(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Signs count and totals as typed."""
    found = _found(market, number)
    form = SigningForm(payment_runs.figures_of(found), request.POST)
    if not form.is_valid():
        return _run_page(request, found, form=form)
    try:
        profile, by = profile_of(market), actor_of(request)
        concerned = partial(is_own_or_family, signed_in(request).pk)
        sign(profile=profile, number=number, figures=form.figures, by=by, concerned=concerned)
    except RunRefused as refused:
        return _run_page(request, found, _refusal(refused), form=form)
    return redirect("desk-payment-run", market, found.number)


@needs(PAYMENT_FILES, gives_file=True)
@require_POST
def file(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """The file for the bank; once for each person."""
    try:
        fetched = fetch_file(profile=profile_of(market), number=number, by=actor_of(request))
    except RunRefused as refused:
        return _run_page(request, _found(market, number), _refusal(refused))
    ending = fetched.name.rpartition(".")[2]
    response = HttpResponse(fetched.content, content_type=_CONTENT_TYPES.get(ending, "application/octet-stream"))
    protect(response, name=fetched.name, inline=False)
    return response


@needs(PAYMENT_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Asks whether to give up a run whose file nobody fetched; the button does it."""
    if request.method != "POST":
        return _ask(request, WITHDRAW_RUN, _found(market, number))
    return _withdrawn(request, market, number, was_refused_by_bank=False)


@needs(PAYMENT_SIGNATURES)
@require_http_methods(["GET", "HEAD", "POST"])
def bank_refused(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Asks whether to give up a run whose whole file the bank refused; the button does it."""
    if request.method != "POST":
        return _ask(request, BANK_REFUSED_RUN, _found(market, number))
    return _withdrawn(request, market, number, was_refused_by_bank=True)


@needs(PAYMENT_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, market: str) -> HttpResponse:
    """Takes the bank's results, and reports each line that needs a person."""
    form = ResultsForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "back_url": reverse("desk-payments", args=[market])}
    if not form.is_bound or not form.is_valid():
        return render(request, "claims/payments/results.html", context, status=422 if form.is_bound else 200)
    try:
        told = take_results(profile=profile_of(market), results=form.cleaned_data["table"], by=actor_of(request))
    except RunRefused as refused:
        form.add_error(None, _refusal(refused))
        return render(request, "claims/payments/results.html", context, status=422)
    unclear = [(one, CAME_TO[one.came_to]) for one in told if one.came_to not in NEWS]
    context |= {"told": told, "unclear": unclear, "taken": sum(one.came_to == "taken" for one in told)}
    return render(request, "claims/payments/results_report.html", context)


def _ask(request: HttpRequest, act: Act, found: PaymentRun) -> HttpResponse:
    back_url = reverse("desk-payment-run", args=[found.market, found.number])
    if found.withdrawn_at is not None:
        return redirect(back_url)
    figures = listed([found])[0].figures
    totals = ", ".join(format_money(total) for total in figures.totals)
    return act_page(request, act, about=f"{found.number}: {totals}", back_url=back_url)


def _withdrawn(request: HttpRequest, market: str, number: str, *, was_refused_by_bank: bool) -> HttpResponse:
    try:
        payment_runs.withdraw_run(
            profile=profile_of(market), number=number, by=actor_of(request), was_refused_by_bank=was_refused_by_bank
        )
    except RunRefused as refused:
        return _run_page(request, _found(market, number), _refusal(refused))
    return redirect("desk-payment-run", market, number)


def _runs_page(request: HttpRequest, market: str, problem: str = "", **more: Any) -> HttpResponse:
    rows = PaymentRun.objects.filter(market=market)
    is_open = request.GET.get("open") == "1"
    page = page_of(rows.with_open_lines() if is_open else rows, order="-made_at", after=request.GET.get("after", ""))
    context = {
        "runs": listed(page.rows),
        "after": page.after,
        "query": "open=1" if is_open else "",
        "is_open": is_open,
        "may_make": signed_in(request).may(PAYMENT_FILES, market),
        "problem": problem,
        **more,
    }
    return render(request, "claims/payments/runs.html", context, status=422 if problem else 200)


def _run_page(
    request: HttpRequest, found: PaymentRun, problem: str = "", form: SigningForm | None = None
) -> HttpResponse:
    staff, one, me = signed_in(request), listed([found])[0], str(actor_of(request))
    page = page_of(found.lines.select_related("claim"), order="place", after=request.GET.get("after", ""))
    signs = staff.may(PAYMENT_SIGNATURES, found.market)
    carries = staff.may(PAYMENT_FILES, found.market)
    context = {
        "one": one,
        "lines": [(line, Money(line.amount, line.currency), CAME_BACK.get(line.code, "")) for line in page.rows],
        "after": page.after,
        "maker": _name_of(found.made_by),
        "signers": [_name_of(one) for one in found.signers],
        "outdated": ", ".join(found.lines.all().outdated().values_list("claim__number", flat=True)),
        "form": form or SigningForm(one.figures),
        "may_sign": signs and one.is_unsigned and me != found.made_by and me not in found.signers,
        "may_fetch": carries and one.state in ("signed", "fetched") and not found.fetches.filter(by=me).exists(),
        "may_withdraw": carries and found.fetched_at is None and found.withdrawn_at is None,
        "may_say_refused": signs and one.state == "fetched" and me in found.signers and _is_unanswered(found),
        "back_url": reverse("desk-payments", args=[found.market]),
        "problem": problem,
    }
    is_refused = bool(problem) or (form is not None and form.is_bound)
    return render(request, "claims/payments/run.html", context, status=422 if is_refused else 200)


def _found(market: str, number: str) -> PaymentRun:
    """The run. Raises Http404."""
    try:
        return payment_runs.find_run(profile_of(market), number)
    except RunRefused:
        raise Http404("no such payment run") from None


def _name_of(actor: str) -> str:
    """The name of a colleague; what was typed on a command line as it is."""
    _kind, _colon, key = actor.partition(":")
    account = StaffAccount.objects.filter(pk=int(key)).first() if key.isascii() and key.isdigit() else None
    return account.name if account is not None else key


def _is_unanswered(found: PaymentRun) -> bool:
    return not found.lines.exclude(state=RunLine.OPEN).exists()


def _refusal(refused: RunRefused) -> str:
    text = str(REFUSALS[refused.code])
    return f"{text} ({', '.join(refused.claims)})" if refused.claims else text
