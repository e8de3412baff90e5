"""Pages about a member's cover: all policies, one policy, one benefit. What the member may not access returns 404."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from mypolis.foundation.files.serving import serve
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import remember_language
from mypolis.insurance.coverage.cover import PolicyCover, cover_of, policy_cover
from mypolis.insurance.coverage.documents.policy_documents import document_of
from mypolis.insurance.coverage.pages.chosen_cover import asked_membership
from mypolis.insurance.coverage.pages.conditions import conditions_of
from mypolis.insurance.coverage.pages.forms import AskForm
from mypolis.insurance.coverage.pages.policy_page import sections_of
from mypolis.insurance.coverage.pages.presenters import benefit_shown, groups_of, policy_shown
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.presenters import no_benefits_yet, not_sure, nothing_found
from mypolis.insurance.coverage.search.search import reply_to
from mypolis.membership.accounts.flows import choose_language
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members
from mypolis.membership.people.models import Person


@require_safe
@for_members
def policies(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """All policies of the member, current, future and past."""
    found = cover_of(account)
    covers = [policy_shown(cover) for cover in found]
    sections = [(status, [one for one in covers if one.cover.status == status]) for status in ("active", "future")]
    context = {
        "sections": [(status, shown) for status, shown in sections if shown],
        "ended": [one for one in covers if one.cover.status == "ended"],
        "form": AskForm(found),
    }
    return render(request, "coverage/policies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def search(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """ "Am I covered for …?" The words may reveal an illness, so they come by POST and appear in no URL.

    A change of language sends the words again by POST, and the answer is in the new language.
    """
    language = request.POST.get("switch_language", "")
    if language not in account.profile.languages:
        return _answered(request, account)
    choose_language(account=account, language=language, by=actor_of(request))
    request.LANGUAGE_CODE = language
    with translation.override(language):
        response = _answered(request, account)
    response["Content-Language"] = language
    return remember_language(response, market, language)


def _answered(request: HttpRequest, account: Account) -> HttpResponse:
    """The page with the answer, if the form is valid."""
    covers = cover_of(account)
    context: dict[str, Any] = {"form": AskForm(covers), "journey_form_id": "ask"}
    if request.method != "POST" or ("switch_language" in request.POST and not request.POST.get("words", "").strip()):
        return render(request, "coverage/search.html", context)
    context["form"] = form = AskForm(covers, request.POST)
    if not form.is_valid():
        return render(request, "coverage/search.html", context, status=422)
    words = form.cleaned_data["words"]
    context |= {
        "asked": words,
        "reply": reply_to(account, words, covers),
        "nothing": nothing_found(),
        "not_sure": not_sure(),
    }
    return render(request, "coverage/search.html", context)


@require_safe
@for_members
def policy(request: HttpRequest, market: str, account: Account, policy: str) -> HttpResponse:
    """One policy: its benefits by topic, and the sections that rooms add."""
    cover = policy_cover(account, asked_membership(request, account, policy))
    context = {
        "shown": policy_shown(cover),
        "cover": cover,
        "plan_text": say(cover.plan.explanation) if cover.plan else no_benefits_yet(),
        "groups": groups_of(cover),
        "parts": sections_of(request, cover.membership),
        "whose": _whose(account, cover),
    }
    return render(request, "coverage/policy.html", context)


@require_safe
@for_members
def benefit(request: HttpRequest, market: str, account: Account, policy: str, benefit: str) -> HttpResponse:
    """One benefit: whether it pays, what is left, its conditions, and what to do."""
    cover = policy_cover(account, asked_membership(request, account, policy))
    found = cover.benefit(benefit)
    if found is None:
        raise Http404("no such benefit")
    texts = found.benefit
    context = {
        "shown": policy_shown(cover),
        "cover": cover,
        "benefit": benefit_shown(found, cover),
        "name": say(texts.name),
        "explanation": say(texts.explanation),
        "what_to_do": say(texts.what_to_do),
        "exclusions": say(texts.exclusions) if texts.exclusions else "",
        "documents": [say(document.name) for document in texts.documents],
        "conditions": conditions_of(found, cover),
        "whose": _whose(account, cover),
    }
    return render(request, "coverage/benefit.html", context)


@require_safe
@for_members
def document(request: HttpRequest, market: str, account: Account, policy: str, document: str) -> HttpResponseBase:
    """A document of a policy: displayed if it is a PDF, otherwise downloaded."""
    found = document_of(asked_membership(request, account, policy, what="papers"), document)
    if found is None:
        raise Http404("no such document")
    owner, file = found
    return serve(request, file, owner=owner, inline=True)


def _whose(account: Account, cover: PolicyCover) -> Person | None:
    """The insured person, if that is not the member."""
    return None if cover.membership.person_id == account.person_id else cover.membership.person
