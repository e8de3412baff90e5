"""Pages of the desk about notices to all members of a market."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.access import needs, signed_in
from mypolis.foundation.staff.act_page import Act, act_page
from mypolis.foundation.staff.lists.pages_by_key import page_of
from mypolis.foundation.switches import banners
from mypolis.foundation.switches.forms import BannerForm
from mypolis.foundation.switches.models import Banner
from mypolis.foundation.switches.rights import BANNERS
from mypolis.foundation.web.requests import actor_of

WITHDRAW_NOTICE = Act(
    title=gettext_lazy("Withdraw a notice"),
    text=gettext_lazy("Members no longer see it, and it cannot be shown again: write a new one if it is needed."),
    button=gettext_lazy("Withdraw this notice"),
    is_dangerous=True,
)


@needs(BANNERS)
@require_safe
def published(request: HttpRequest, market: str) -> HttpResponse:
    """Lists the notices of a market, those that begin last first: planned, shown, over and withdrawn ones."""
    page = page_of(
        Banner.objects.filter(market=market).select_related("made_by"),
        order="-starts_at",
        after=request.GET.get("after", ""),
    )
    now, language = timezone.now(), profile_of(market).default_language
    rows = [{"row": row, "state": row.state_at(now), "text": row.texts.get(language, "")} for row in page.rows]
    return render(request, "switches/desk/banners.html", {"rows": rows, "after": page.after})


@needs(BANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, market: str) -> HttpResponse:
    """Asks for a notice, shows how it will look in each language, and publishes it."""
    form = BannerForm(request.POST if request.method == "POST" else None, profile=profile_of(market))
    is_good = form.is_bound and form.is_valid()
    if is_good and request.POST.get("act") == "publish":
        try:
            _publish(request, market, form)
        except banners.TooManyBanners:
            most = _("There are three notices already. Withdraw one first, so that pages stay readable.")
            form.add_error(None, most)
            is_good = False
        else:
            return redirect("desk-banners", market)
    names = dict(settings.LANGUAGES)
    preview = [(names[code], text) for code, text in form.texts.items()] if is_good else []
    context = {"form": form, "preview": preview, "back_url": reverse("desk-banners", args=[market])}
    is_refused = form.is_bound and not is_good
    return render(request, "switches/desk/new_banner.html", context, status=422 if is_refused else 200)


@needs(BANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, market: str, banner: int) -> HttpResponse:
    """Asks whether to withdraw a notice; the button does it, at once."""
    found = Banner.objects.filter(market=market, pk=banner).first()
    if found is None:
        raise Http404("no such notice")
    if request.method == "POST":
        banners.withdraw(banner=found, by=actor_of(request))  # over already: the list says so
        return redirect("desk-banners", market)
    if found.state_at(timezone.now()) not in ("shown", "planned"):
        return redirect("desk-banners", market)
    about = found.texts.get(profile_of(market).default_language, "")
    return act_page(request, WITHDRAW_NOTICE, about=about, back_url=reverse("desk-banners", args=[market]))


def _publish(request: HttpRequest, market: str, form: BannerForm) -> None:
    data = form.cleaned_data
    banners.publish(
        market=market,
        severity=data["severity"],
        texts=form.texts,
        starts_at=data["starts_at"],
        ends_at=data["ends_at"],
        author=signed_in(request),
        by=actor_of(request),
    )
