"""Pages of the desk on which somebody acts on a guarantee: takes it, writes its letter, refuses, confirms."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST

from mypolis.foundation.lib.money import Money
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.guarantees.desk import deciding, in_hand
from mypolis.insurance.guarantees.desk.acts import act_to
from mypolis.insurance.guarantees.desk.desk_forms import ReasonForm, RemarkForm, TermsForm, sum_in
from mypolis.insurance.guarantees.desk.one_guarantee import acts, found_in, is_held, shown_to
from mypolis.insurance.guarantees.desk.refusals import Refused
from mypolis.insurance.guarantees.lifecycle.changing import language_of_member
from mypolis.insurance.guarantees.lifecycle.deciding import BadTerms, preview
from mypolis.insurance.guarantees.lifecycle.states import State
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.insurance.guarantees.promises.promise import Promise
from mypolis.insurance.guarantees.rights import ASSESS_GUARANTEES, REVIEW_GUARANTEES


@needs(ASSESS_GUARANTEES)
@require_POST
def take(request: HttpRequest, market: str, guarantee: str) -> HttpResponse:
    """Takes it in hand; with `over` from the colleague who has it."""
    found, staff = found_in(market, guarantee), signed_in(request)
    is_over = request.POST.get("over") == "1"
    try:
        in_hand.take(guarantee=found, staff=staff, by=actor_of(request), is_from_colleague=is_over)
    except Refused as refused:
        return _refused(request, found, refused)
    return redirect("desk-guarantee", market, found.pk)


@needs(ASSESS_GUARANTEES)
@require_POST
def put_back(request: HttpRequest, market: str, guarantee: str) -> HttpResponse:
    """Puts it back, so that anybody can take it."""
    found = found_in(market, guarantee)
    try:
        in_hand.put_back(guarantee=found, staff=signed_in(request), by=actor_of(request))
    except Refused as refused:
        return _refused(request, found, refused)
    return redirect("desk-guarantees", market)


@needs(ASSESS_GUARANTEES)
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest, market: str, guarantee: str, to: State) -> HttpResponse:
    """Writes a letter. A promise that the page has not shown yet is shown first, and nothing happens."""
    found, staff = found_in(market, guarantee), signed_in(request)
    if not _can_act(found, request, to):
        return redirect("desk-guarantee", market, found.pk)
    form = TermsForm(found, to, request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _terms_page(request, found, to, form)
    try:
        deciding.promise(guarantee=found, to=to, terms=form.terms, shown=form.shown, staff=staff, by=actor_of(request))
    except deciding.OtherPromise as other:
        return _terms_page(request, found, to, form, promise=other.promise)
    except BadTerms as error:
        form.add_problem(error)
        return _terms_page(request, found, to, form)
    except Refused as refused:
        return _terms_page(request, found, to, form, problem=refused.sentence)
    return redirect("desk-guarantee", market, found.pk)


@needs(ASSESS_GUARANTEES)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, market: str, guarantee: str, to: State) -> HttpResponse:
    """Refuses or revokes, after the page has shown what the member will read."""
    found = found_in(market, guarantee)
    if not _can_act(found, request, to):
        return redirect("desk-guarantee", market, found.pk)
    form = ReasonForm(to, request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid() or not form.was_shown:
        return _reason_page(request, found, to, form)
    act = deciding.refuse if to == State.REFUSED else deciding.revoke
    code, reason = form.cleaned_data["code"], form.cleaned_data["reason"]
    try:
        act(guarantee=found, code=code, reason=reason, staff=signed_in(request), by=actor_of(request))
    except Refused as refused:
        return _reason_page(request, found, to, form, problem=refused.sentence)
    return redirect("desk-guarantee", market, found.pk)


@needs(REVIEW_GUARANTEES)
@require_POST
def confirm(request: HttpRequest, market: str, guarantee: str) -> HttpResponse:
    """Makes the promise that a colleague proposed."""
    found = found_in(market, guarantee)
    shown = sum_in(request.POST.get("shown", ""))
    try:
        deciding.confirm(guarantee=found, shown=shown, staff=signed_in(request), by=actor_of(request))
    except Refused as refused:
        return _refused(request, found, refused)
    except deciding.OtherPromise as other:
        promised = Money(other.promise.promised, other.promise.currency)
        return _page(request, found, {"other": promised}, status=422)
    return redirect("desk-guarantee", market, found.pk)


@needs(REVIEW_GUARANTEES)
@require_POST
def send_back(request: HttpRequest, market: str, guarantee: str) -> HttpResponse:
    """Sends a proposal back with a remark."""
    found, form = found_in(market, guarantee), RemarkForm(request.POST)
    if not form.is_valid():
        return _page(request, found, {"form": form}, status=422)
    remark = form.cleaned_data["remark"]
    try:
        deciding.send_back(guarantee=found, remark=remark, staff=signed_in(request), by=actor_of(request))
    except Refused as refused:
        return _refused(request, found, refused)
    return redirect("desk-guarantee", market, found.pk)


def _can_act(one: Guarantee, request: HttpRequest, to: State) -> bool:
    """Whether the page of an act has anything to show: the guarantee's own page says why not."""
    return is_held(one, signed_in(request)) and act_to(to) in acts(one)


def _page(request: HttpRequest, one: Guarantee, more: dict[str, Any], *, status: int) -> HttpResponse:
    context = {**shown_to(one, signed_in(request)), **more}
    return render(request, "guarantees/desk/guarantee.html", context, status=status)


def _refused(request: HttpRequest, one: Guarantee, refused: Refused) -> HttpResponse:
    return _page(request, found_in(one.market, one.pk), {"problem": refused.sentence}, status=422)


def _terms_page(
    request: HttpRequest,
    one: Guarantee,
    to: State,
    form: TermsForm,
    *,
    promise: Promise | None = None,
    problem: str = "",
) -> HttpResponse:
    """The form with what the rules would pay on its terms; nothing is computed for terms that cannot be read."""
    if promise is None and not form.errors:
        try:
            promise = preview(one, form.terms)
        except BadTerms as error:
            form.add_problem(error)
    context: dict[str, Any] = {"one": one, "act": act_to(to), "form": form, "promise": promise, "problem": problem}
    if promise is not None:
        context["pays"] = deciding.pays_something(promise)
        context["sums"] = {name: Money(getattr(promise, name), one.currency) for name in ("promised", "own_share")}
        context["is_new"] = form.is_bound and not problem
    return render(request, "guarantees/desk/terms.html", context, status=422 if form.is_bound else 200)


def _reason_page(request: HttpRequest, one: Guarantee, to: State, form: ReasonForm, problem: str = "") -> HttpResponse:
    """The form; once it is filled in, with what the member will read, in the member's language."""
    context: dict[str, Any] = {"one": one, "act": act_to(to), "form": form, "problem": problem}
    if form.is_bound and form.is_valid():
        language = language_of_member(one)
        with translation.override(language):
            context |= {"sentences": form.sentences, "language": language}
    return render(request, "guarantees/desk/reason.html", context, status=422 if form.is_bound else 200)
