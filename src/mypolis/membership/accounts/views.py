"""Pages for sign-out, language and confirming an e-mail address, and the guard for members' pages."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mypolis.foundation.journeys.definitions.vocabulary import vocabulary
from mypolis.foundation.web import cookies
from mypolis.foundation.web.requests import actor_of, market_in
from mypolis.foundation.web.views import error_page, remember_language
from mypolis.membership.accounts.contact_points.email_confirmation import confirm_email, find_confirmation
from mypolis.membership.accounts.contact_points.flows import ContactTaken
from mypolis.membership.accounts.flows import choose_language
from mypolis.membership.accounts.sessions.devices import holder_of_session, sign_out
from mypolis.membership.accounts.sessions.middleware import account_of

type MemberView = Callable[..., HttpResponseBase]


def for_members(view: MemberView) -> MemberView:
    """Restrict a page to signed-in members. The view gets the account and the URL's arguments; others go to sign-in."""

    @wraps(view)
    def guarded(request: HttpRequest, market: str, **named: str) -> HttpResponseBase:
        account = account_of(request)
        return redirect("signin", market) if account is None else view(request, market, account, **named)

    return guarded


@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Change the language, for a signed-in member also that of messages, and return to the previous page."""
    language, back = request.POST.get("language", ""), request.POST.get("next", "/")
    if not (back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
        back = "/"
    profile = market_in(back)
    device = holder_of_session(cookies.read(request, "session", profile.code), market=profile.code) if profile else None
    if device is not None and profile is not None and language in profile.languages:
        choose_language(account=device.account, language=language, by=actor_of(request))
    return remember_language(HttpResponseRedirect(back), profile.code if profile else "all", language)


@require_POST
def signout(request: HttpRequest, market: str) -> HttpResponse:
    """End the session on this device."""
    device = getattr(request, "device", None)
    if device is not None:
        sign_out(device=device, by=actor_of(request))
    response = redirect("landing", market)
    kinds = [kind.name for kind in vocabulary().journeys]
    for name in ("session", *(f"{what}-{kind}" for kind in kinds for what in ("journey", "ended"))):
        cookies.drop(response, name, market)
    response["Clear-Site-Data"] = '"cache"'  # pages kept for the back button; drafts are cleared separately
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, market: str, token: str) -> HttpResponse:
    """A link that confirms an e-mail address: GET explains what will happen, the button (POST) confirms."""
    confirmation = find_confirmation(token, market=market)
    if confirmation is None or not confirmation.is_good:
        used = confirmation is not None and confirmation.used_at is not None
        text = _("This link has already been used.") if used else _("This link is no longer valid.")
        return error_page(request, "410", text=text)
    if request.method != "POST":
        return render(request, "accounts/confirm.html", {"confirmation": confirmation})
    try:
        done = confirm_email(confirmation=confirmation, by=actor_of(request))
    except ContactTaken:
        return error_page(request, "410", text=_("Another account already uses this email address."))
    if not done:
        return error_page(request, "410", text=_("This link has already been used."))
    return render(request, "accounts/confirmed.html")
