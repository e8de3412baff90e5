"""The page on which staff send themselves a test message."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.staff.rights import TRIAL_MESSAGES
from mypolis.foundation.staff.trial_messages import flows
from mypolis.foundation.staff.trial_messages.forms import TrialForm
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page


@needs(TRIAL_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def trial_message(request: HttpRequest, market: str) -> HttpResponse:
    """Sends a test message, then says what became of it."""
    account, data = signed_in(request), request.POST if request.method == "POST" else None
    form = TrialForm(data, profile=profile_of(market), sends_sms=flows.sends_sms())
    if not form.is_bound or not form.is_valid():
        result = flows.result_of(request.GET.get("sent", ""), account=account, market=market)
        context: dict[str, Any] = {"form": form, "result": result, "email": account.email}
        return render(request, "staff/trial_message.html", context, status=422 if form.is_bound else 200)
    try:
        sent = flows.send_to_oneself(account=account, market=market, by=actor_of(request), **form.cleaned_data)
    except LimitReached as limit:
        return limit_page(request, limit.until)
    return redirect(f"{reverse('desk-trial-message', args=[market])}?{urlencode({'sent': sent})}")
