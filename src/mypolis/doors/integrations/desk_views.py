"""Pages of the desk about partners' tokens: which there are, proposing one, and ending one."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mypolis.doors.integrations.desk_rights import PARTNER_TOKENS
from mypolis.doors.integrations.flows import end_token
from mypolis.doors.integrations.forms import TokenForm
from mypolis.doors.integrations.giving import propose_token
from mypolis.doors.integrations.models import PartnerToken
from mypolis.doors.integrations.presenters import sentence_of
from mypolis.foundation.lib.row_number import row_number
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.staff.act_page import Act, act_page
from mypolis.foundation.staff.approvals.flows import NotYours
from mypolis.foundation.staff.approvals.refusals import refusal_of
from mypolis.foundation.web.requests import actor_of

_SHOWN = 100

END_TOKEN = Act(
    title=gettext_lazy("End a token"),
    text=gettext_lazy(
        "The program is refused from its next request. This cannot be undone: the partner then needs a new token."
    ),
    button=gettext_lazy("End this token"),
    is_dangerous=True,
)


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
        "rows": [(token, sentence_of(token.may), token.is_active(now)) for token in rows],
        "ended": next((token for token in rows if token.pk == ended and token.ended_at is not None), None),
    }
    return render(request, "integrations/desk/partners.html", context)


@needs(PARTNER_TOKENS)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, market: str) -> HttpResponse:
    """Proposes a token and shows its text, only this once. It works when a second administrator approves."""
    form, key = TokenForm(request.POST if request.method == "POST" else None), _form_key(request)
    if form.is_bound and form.is_valid():
        said, staff = form.cleaned_data, signed_in(request)
        wish = {"partner": said["partner"], "may": said["may"], "life": form.life, "form": key}
        try:
            made = propose_token(market=market, **wish, proposer=staff, by=actor_of(request))
        except NotYours as error:
            form.add_error(None, refusal_of(error))
        else:
            if not made.text:  # the same form came before: the answer was loaded again
                return redirect("desk-approval", market, made.approval.pk)
            context = {"text": made.text, "approval": made.approval, "partner": said["partner"]}
            return render(request, "integrations/desk/given.html", context)
    context = {"form": form, "key": key, "back_url": reverse("desk-partners", args=[market])}
    return render(request, "integrations/desk/give.html", context, status=422 if form.is_bound else 200)


def _form_key(request: HttpRequest) -> UUID:
    """What tells a form that arrives twice from a second form."""
    try:
        return UUID(request.POST.get("form", ""))
    except ValueError:
        return uuid4()


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
    about = _("Token %(number)s of %(partner)s") % {"number": found.pk, "partner": found.partner}
    return act_page(request, END_TOKEN, about=f"{about}. {sentence_of(found.may)}.", back_url=here)
