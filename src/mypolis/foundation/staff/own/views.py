"""Pages of one's own account at the desk: the invitation, sessions, password."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypolis.foundation.factors import authenticator_apps, recovery_codes
from mypolis.foundation.lib.device_names import name_of_client
from mypolis.foundation.staff.access import for_everybody, for_staff, session_here, signed_in
from mypolis.foundation.staff.entrance import cookies
from mypolis.foundation.staff.entrance.sessions import end, end_all
from mypolis.foundation.staff.own import flows
from mypolis.foundation.staff.signin.forms import NewPasswordForm
from mypolis.foundation.staff.team.joining import InvitationOver, accept, invitation_of
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import error_page


@for_everybody
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page of an invitation: choose a password, then link a factor."""
    try:
        account = invitation_of(token).account
        form = NewPasswordForm(
            request.POST if request.method == "POST" else None, personal=(account.name, account.email)
        )
        if not form.is_bound or not form.is_valid():
            context = {"form": form, "invited": account}
            return render(request, "staff/invitation.html", context, status=422 if form.is_bound else 200)
        _session, secret = accept(token=token, password=form.cleaned_data["password"], by=actor_of(request))
    except InvitationOver:
        over = _("This link was used already or is too old. Please ask your administrator for a new one.")
        return error_page(request, "410", text=over)
    response = redirect("desk-own-factors")
    cookies.write_session(response, secret)
    return response


@for_staff()
@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    """Factors, password and sessions, with what can be done about them."""
    session, account = session_here(request), signed_in(request)
    rows = account.sessions.active(timezone.now()).order_by("-last_act_at", "-pk")
    context = {
        "passkeys": account.holder.passkeys.filter(removed_at=None).order_by("pk"),
        "has_app": authenticator_apps.is_linked(account.holder),
        "codes_left": recovery_codes.left(account.holder),
        "sessions": [{"row": row, "name": name_of_client(row.client), "is_here": row.pk == session.pk} for row in rows],
        "notices": _done(request),
    }
    return render(request, "staff/own_account.html", context)


@for_staff(fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Changes the password."""
    account = signed_in(request)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, personal=(account.name, account.email))
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "back_url": reverse("desk-own-account")}
        return render(request, "staff/password.html", context, status=422 if form.is_bound else 200)
    flows.change_password(session=session_here(request), password=form.cleaned_data["password"], by=actor_of(request))
    return redirect(f"{reverse('desk-own-account')}?done=password")


@for_staff()
@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """Ends one of one's own sessions elsewhere."""
    found = signed_in(request).sessions.active(timezone.now()).filter(pk=session).first()
    if found is None:
        raise Http404("no such session")
    end(session=found, by=actor_of(request))
    return redirect(f"{reverse('desk-own-account')}?done=session")


@for_staff()
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Ends all of one's sessions but this one."""
    end_all(account=signed_in(request), by=actor_of(request), but=session_here(request))
    return redirect(f"{reverse('desk-own-account')}?done=session")


def _done(request: HttpRequest) -> list[dict[str, str]]:
    """The message about what was just done, from the URL's query; unknown values are ignored."""
    texts = {
        "password": _("Your password has been changed. Your other sessions have ended."),
        "session": _("Signed out there."),
        "removed": _("Removed. We told you by email too."),
    }
    text = texts.get(request.GET.get("done", ""))
    return [{"kind": "good", "text": text}] if text else []
