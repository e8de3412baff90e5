"""A member's family, who may see whom, and mandates, as pages."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import error_page, limit_page
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.views import for_members
from mypolis.membership.family import flows
from mypolis.membership.family.access import NotSeen, open_covers, parents_of, people_seen_by, person_seen, viewings_of
from mypolis.membership.family.claim_consents.candidates import consents_of
from mypolis.membership.family.forms import OfferForm
from mypolis.membership.family.models import Mandate, Privacy
from mypolis.membership.family.offers import mandates_given, offer_to, offers_to
from mypolis.membership.family.relations.rules import is_of_age, may_keep_private, scopes_of
from mypolis.membership.family.staff_relations.staff_viewings import staff_viewings_of


@require_safe
@for_members
def family(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """Everybody whom the member may see, waiting offers, and links to the other pages."""
    profile, seen = account.profile, people_seen_by(account)
    today = profile.today()
    rows = [(one, one.state_on(today)) for one in seen]
    context = {
        "family": [(one, state) for one, state in rows if one.seen_as != "proxy"],
        "givers": [one for one, _state in rows if one.seen_as == "proxy"],
        "offers": offers_to(account),
        "may_share": is_of_age(account.person.birth_date, today, profile.family),
    }
    return render(request, "family/family.html", context)


@require_safe
@for_members
def person(request: HttpRequest, market: str, account: Account, key: str) -> HttpResponse:
    """One of these people: whether there is cover, and policies if the member may open them. Records the viewing."""
    today = account.profile.today()
    rows = []
    try:
        seen = person_seen(account, key)
        if seen.may("cover") and request.method == "GET":
            found = open_covers(account, seen, what="cover", by=actor_of(request)).select_related("policy__employer")
            rows = [(row, row.status_on(today)) for row in found.order_by("-start", "pk")]
    except NotSeen:
        raise Http404("no such person") from None
    labels = {kind.key: kind.label for kind in account.profile.policy_types}
    covers = [(row, status, labels.get(row.policy.type, row.policy.type)) for row, status in rows]
    context = {"seen": seen, "covers": covers, "state": seen.state_on(today)}
    if seen.seen_as == "proxy":
        context["state"] = "active" if any(status == "active" for _row, status in rows) else None
    return render(request, "family/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def share(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """Offer somebody access to the member's cover. The next page is the same whether or not they exist."""
    profile = account.profile
    if not is_of_age(account.person.birth_date, profile.today(), profile.family):
        return render(request, "family/too_young.html", {"message": flows.NotOfAge.message}, status=403)
    form = OfferForm(request.POST if request.method == "POST" else None, profile=profile)
    if request.method == "POST" and form.is_valid():
        try:
            flows.offer(giver=account, kind=form.kind, by=actor_of(request), **form.cleaned_data)
        except flows.NotOfAge as error:
            return render(request, "family/too_young.html", {"message": error.message}, status=403)
        except LimitReached as limit:
            return limit_page(request, limit.until)
        return redirect("family-share-sent", market)
    status = 422 if form.is_bound else 200
    return render(request, "family/share.html", {"form": form}, status=status)


@require_safe
@for_members
def sent(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """The page after an offer: what happens next. It does not reveal whether somebody was found."""
    return render(request, "family/sent.html", {"days": flows.OFFER_LIFE.days})


@require_safe
@for_members
def who_sees_me(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """Who may see the member, who did, and how to change it."""
    profile = account.profile
    today = profile.today()
    may_hide = may_keep_private(account.person.birth_date, today, profile.family)
    context = {
        "parents": parents_of(account),
        "may_hide": may_hide,
        "is_private": may_hide and Privacy.objects.filter(account=account, ended_at=None).exists(),
        "given": mandates_given(account),
        "consents": consents_of(account),
        "viewings": viewings_of(account),
        "staff_viewings": staff_viewings_of(account.person),
        "may_share": is_of_age(account.person.birth_date, today, profile.family),
    }
    return render(request, "family/who_sees_me.html", context)


@require_POST
@for_members
def privacy(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """Hide the member's cover from their parents, or show it again."""
    try:
        flows.keep_private(account=account, is_private=request.POST.get("private") == "yes", by=actor_of(request))
    except flows.MayNotHide as error:
        return error_page(request, "403", text=error.message)
    return redirect("family-seers", market)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def mandate(request: HttpRequest, market: str, account: Account, key: UUID) -> HttpResponse:
    """An offer to the member: who made it and what it means, with buttons to accept or decline."""
    try:
        found = offer_to(account, key)
        if request.method == "POST":
            return _answered(request, account, found)
    except flows.UnknownMandate as error:
        return error_page(request, "404", text=error.message)
    if found.accepted_at is not None:
        return redirect("family", market)
    return render(request, "family/mandate.html", {"mandate": found})


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def widen(request: HttpRequest, market: str, account: Account, key: UUID) -> HttpResponse:
    """Offer the proxy of an active mandate to make claims, too: what this means, with a button."""
    found = next((one for one in mandates_given(account) if one.mandate.pk == key and one.may_widen), None)
    if found is None:
        return error_page(request, "404", text=flows.UnknownMandate.message)
    if request.method == "POST":
        try:
            flows.widen(giver=account, mandate_id=key, scopes=scopes_of(["claims"]), by=actor_of(request))
        except flows.UnknownMandate as error:  # it was ended meanwhile
            return error_page(request, "404", text=error.message)
        except flows.NotOfAge as error:
            return error_page(request, "403", text=error.message)
        except LimitReached as limit:
            return limit_page(request, limit.until)
        return redirect("family-share-sent", market)
    return render(request, "family/widen.html", {"given": found})


@require_POST
@for_members
def end(request: HttpRequest, market: str, account: Account, key: UUID) -> HttpResponse:
    """End a mandate from either side, or withdraw an offer."""
    try:
        ended = flows.end(account=account, mandate_id=key, by=actor_of(request))
    except flows.UnknownMandate as error:
        return error_page(request, "404", text=error.message)
    return redirect("family-seers" if ended.giver_id == account.pk else "family", market)


def _answered(request: HttpRequest, account: Account, found: Mandate) -> HttpResponse:
    by = actor_of(request)
    if request.POST.get("answer") == "accept":
        flows.accept(proxy=account, mandate_id=found.pk, by=by)
    elif request.POST.get("answer") == "decline":
        flows.decline(proxy=account, mandate_id=found.pk, by=by)
    return redirect("family", account.market)
