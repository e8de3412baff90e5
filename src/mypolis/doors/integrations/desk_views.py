"""Pages of the desk about partners' tokens: which there are, and ending one. A new one comes from the command only."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mypolis.doors.integrations.desk_rights import PARTNER_TOKENS
from mypolis.doors.integrations.flows import end_token
from mypolis.doors.integrations.models import PartnerToken
from mypolis.foundation.lib.row_number import row_number
from mypolis.foundation.staff.access import needs
from mypolis.foundation.web.requests import actor_of

_SHOWN = 100


@needs(PARTNER_TOKENS)
@require_safe
def partners(request: HttpRequest, market: str) -> HttpResponse:
    """Lists the active tokens of this market, then the newest others. The tokens themselves are stored nowhere.

    Every active token is shown, however old: one that is not in the list could not be ended here.
    """
    now, tokens = timezone.now(), PartnerToken.objects.filter(market=market).order_by("-pk")
    active = list(tokens.active(now))
    rows = [*active, *tokens.exclude(pk__in=[token.pk for token in active])[:_SHOWN]]
    ended = row_number(request.GET.get("ended", ""))
    context = {
        "rows": [(token, token.is_active(now)) for token in rows],
        "ended": next((token for token in rows if token.pk == ended and token.ended_at is not None), None),
    }
    return render(request, "integrations/desk/partners.html", context)


@needs(PARTNER_TOKENS)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, market: str, token: int) -> HttpResponse:
    """Asks whether to end a token; the button ends it, with the next request of the program."""
    found = PartnerToken.objects.filter(market=market, pk=token).first()
    if found is None:
        raise Http404("no such token")
    here = reverse("desk-partners", args=[market])
    if request.method == "POST":
        end_token(market=market, token_id=found.pk, by=actor_of(request))  # ended already: the list says so
        return redirect(f"{here}?ended={found.pk}")
    if not found.is_active(timezone.now()):
        return redirect(here)
    return render(request, "integrations/desk/end.html", {"token": found, "back_url": here})
