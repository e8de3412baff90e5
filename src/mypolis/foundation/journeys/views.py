"""The pages of journeys: GET shows the current step, POST reads a form and calls a flow."""

import math
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_http_methods

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys import flows, rows
from mypolis.foundation.journeys.definitions.answers import Facts, FieldError
from mypolis.foundation.journeys.definitions.errors import (
    Closed,
    Expired,
    Gone,
    MembersOnly,
    NotOpen,
    Refused,
    Repeated,
    UnknownJourney,
    UnknownStep,
    UnknownWay,
)
from mypolis.foundation.journeys.definitions.outcomes import Grant
from mypolis.foundation.journeys.definitions.steps import StepForm, Walk
from mypolis.foundation.journeys.definitions.vocabulary import kind_named, signin_route
from mypolis.foundation.journeys.limits import ANSWERS_PER_JOURNEY
from mypolis.foundation.journeys.presenters import time_in_words, view_of
from mypolis.foundation.journeys.redirects import redirect_steps, returns
from mypolis.foundation.lib.crypto.tokens import new_token
from mypolis.foundation.web import cookies
from mypolis.foundation.web.branding.support import CALL_US
from mypolis.foundation.web.requests import actor_of, market_or_404, session_of
from mypolis.foundation.web.views import closed_page, error_page, remember_language

FORM_ID = "step"
_END_SHOWN = timedelta(minutes=10)
_DONE = gettext_lazy("You have completed this already. To protect your data, we do not show it again.")


@require_http_methods(["GET", "HEAD", "POST"])
def journey(request: HttpRequest, market: str, kind: str, way: str = "") -> HttpResponse:
    """The page of one kind of journey: the current step, whichever it is."""
    door = _Door(request, market, kind, way)
    try:
        door.leave_journey_begun_elsewhere()
        return door.post() if request.method == "POST" else door.get()
    except UnknownWay:
        return error_page(request, "404")
    except MembersOnly:
        return redirect(signin_route(), market)
    except Gone as gone:
        return door.gone(gone)
    except Closed as closed:
        return closed_page(request, closed.message)


class _Door:
    """One request to a journey's page. The journey's token is in a cookie, so that no URL contains it."""

    def __init__(self, request: HttpRequest, market: str, kind: str, way: str, entry: Facts | None = None) -> None:
        self.request, self.market, self.kind, self.way = request, market, kind, way
        self.declared = kind_named(kind)
        self.by = actor_of(request)
        self.token = cookies.read(request, f"journey-{kind}", market)
        self.passed = {name: request.GET[name][:200] for name in self.declared.passes_on if name in request.GET}
        known: Facts = {"device": cookies.read(request, "device", market), "session": session_of(request)}
        self.entry: Facts = {**(entry or known), **self.passed}
        self.leads_to = self.declared.leads_to.get(request.GET.get("to", ""), "")
        self.address = request.get_full_path() if self.leads_to or self.passed else request.path

    def leave_journey_begun_elsewhere(self) -> None:
        """Forget the journey of this browser if the address passes on something else than what it began with."""
        names = self.declared.passes_on
        walk = self._walk() if names else None
        if walk is not None and any((walk.entry(name) or "") != self.passed.get(name, "") for name in names):
            self.token = ""

    def get(self) -> HttpResponse:
        """Show the current step, or a new first page if there is no journey or it is over."""
        walk = self._walk()
        if walk is None or (walk.state == "done" and not self._may_see_the_end(walk)):
            return self.show(self._fresh())
        if walk.state == "expired":
            notice = {"kind": "warn", "text": _("You were away for a while, so please start again from the beginning.")}
            return self._forgetting(self.show(self._fresh(), notices=[notice]))
        if walk.state != "done":
            return self.show(walk)
        last = self.last_page(walk)
        return self._forgetting(last) if walk.definition.for_members else last  # shown only once

    def post(self) -> HttpResponse:
        """Answer, go back, send a new code, change the language, or start again."""
        data = self.request.POST
        try:
            if "again" in data:
                return self._forgetting(redirect(self.address))
            if "step" in data and not {"back", "resend", "switch_language"} & data.keys():
                return self._answer(data)
            if self._started() is None:
                return redirect(self.address)
            return self._act(data)
        except Refused as refused:
            return self._keeping(self._refused(refused))
        except (NotOpen, Repeated, UnknownStep):
            return self._keeping(redirect(self.address))
        except (Expired, UnknownJourney):
            return self._forgetting(redirect(self.address))
        except LimitReached as limit:
            return self._throttled(limit)

    def _refused(self, refused: Refused) -> HttpResponse:
        """Show the step with its errors; as notices if the person was sent back to an earlier step."""
        form = refused.form
        on_the_page = form is not None and form.is_bound
        notices = [] if on_the_page else [_notice_of(error) for error in refused.errors]
        return self.show(refused.walk or self._fresh(), form=form, status=422, notices=notices)

    def _answer(self, data: Any) -> HttpResponse:
        """Answer the open journey. If there is none, answer a new one, provided that this is its first step."""
        form = data.get("form", "")[:43]
        reply: dict[str, Any] = {"market": self.market, "step": data["step"], "data": data, "by": self.by, "form": form}
        walk = self._answered(reply) if self.token else None
        if walk is None:
            if data["step"] != rows.first_step(market=self.market, kind=self.kind, way=self.way):
                return redirect(self.address)
            fresh, self.token = rows.begin(**self._beginning())
            walk = flows.answer_first(fresh, step=data["step"], data=data, form=form)
        if walk.outcome is not None:
            return self._finished(walk)
        return self._keeping(redirect(walk.departure or self.address))

    def come_back(self) -> HttpResponse:
        """Answer the step with what the other site sent, and continue."""
        query = self.request.GET.dict()
        try:
            walk = returns.come_back(market=self.market, token=self.token, query=query, by=self.by)
        except UnknownJourney:  # it began on another device, or is no longer offered
            return render(self.request, "journeys/returned.html")
        except (Refused, NotOpen, Expired, LimitReached):
            walk = None  # the step's page shows the reason
        self.address = reverse(self.kind, args=[self.market])
        return self._finished(walk) if walk and walk.outcome else self._keeping(redirect(self.address))

    def _answered(self, reply: dict[str, Any]) -> Walk | None:
        """Answer the journey of this browser. Return None if there is none that can be answered."""
        try:
            return flows.answer(token=self.token, way=self.way, **reply)
        except (UnknownJourney, Expired):
            return None
        except NotOpen as error:
            if error.walk.state != "done":
                raise
            return None

    def _act(self, data: Any) -> HttpResponse:
        where: dict[str, Any] = {"market": self.market, "token": self.token, "by": self.by}
        if "switch_language" in data:
            return self._switch(data["switch_language"], where)
        if "back" in data:
            flows.back(to=data["back"], **where)
        elif "resend" in data:
            flows.resend(**where)
        return self._keeping(redirect(self.address))

    def _switch(self, language: str, where: Any) -> HttpResponse:
        if language not in market_or_404(self.market).languages:
            return redirect(self.address)
        flows.change_language(language=language, typed=self.request.POST, **where)
        return self._keeping(remember_language(redirect(self.address), self.market, language))

    def _finished(self, walk: Walk) -> HttpResponse:
        grant = walk.outcome.grant if walk.outcome else None
        if walk.outcome is not None and walk.outcome.then:
            return self._forgetting(redirect(walk.outcome.then))
        if grant is None:
            ended = self._just_ended(redirect(self.address))
            return self._keeping(self._with_next_filled_in(ended, walk))
        if self.declared.signs_in:
            return open_session(self._forgetting(redirect(self.leads_to or "home", self.market)), self.market, grant)
        return open_session(self._keeping(redirect(self.address)), self.market, grant)

    def _with_next_filled_in(self, response: HttpResponse, walk: Walk) -> HttpResponse:
        """Start the next journey, filled in with what was typed here, never with what is on file.

        It is a journey of its own, so that what was typed is in no URL and on no page before.
        """
        following = str(walk.outcome.result.get("next", "")) if walk.outcome else ""
        beginning = {**self._beginning(), "kind": following, "way": ""}
        typed = rows.typed_before(walk, following) if following else {}
        if not typed:
            return response
        try:
            _walk, token = flows.start(**beginning, typed=typed)
        except (LimitReached, Closed):
            return response
        cookies.write(response, f"journey-{following}", self.market, token, life=walk.profile.journey_life)
        return response

    def _walk(self) -> Walk | None:
        """The journey of this browser, if it has this way."""
        if not self.token:
            return None
        try:
            walk = flows.get(market=self.market, token=self.token, by=self.by)
        except UnknownJourney:
            return None
        return None if self.way and walk.way != self.way else walk

    def _fresh(self) -> Walk:
        return rows.unsaved(**self._beginning())

    def _started(self) -> Walk | None:
        """The open journey of this browser, or a new one for a first answer, or None."""
        walk = self._walk()
        if walk is not None and walk.state == "open":
            return walk
        first = self._fresh().current
        wanted = self.request.POST.get("step", first.name if first else "")
        if first is None or wanted != first.name:
            return None
        walk, self.token = flows.start(**self._beginning())
        return walk

    def _beginning(self) -> dict[str, Any]:
        return {
            "market": self.market,
            "kind": self.kind,
            "way": self.way,
            "language": get_language() or market_or_404(self.market).default_language,
            "entry": self.entry,
            "by": self.by,
        }

    def show(self, walk: Walk, *, form: StepForm | None = None, status: int = 200, **extra: Any) -> HttpResponse:
        """The page of the current step."""
        here = walk.current
        if here is None:
            return redirect(self.address)
        context = {
            **vars(view_of(walk, here, form)),
            "journey_form_id": FORM_ID,
            "drawn": new_token(),
            "kind": self.declared,
            "support_title": self.declared.help_title,
            "for_members": walk.definition.for_members,
            **extra,
        }
        context.setdefault("notices", [{"kind": "warn", "text": text} for text in redirect_steps.failures(walk, here)])
        policy = context["form"].content_policy or redirect_steps.content_policy(here)
        draw = csp_override(policy)(render) if policy else render
        return draw(self.request, here.template, context, status=status)

    def _may_see_the_end(self, walk: Walk) -> bool:
        """Only the signed-in member may see the last page of a journey that signed in. A sign-in has none."""
        return not self.declared.signs_in and walk.account in ("", self.by.id)

    def last_page(self, walk: Walk) -> HttpResponse:
        """How the journey ended and where to go next. A caller with only the token learns only that it is done."""
        ended: dict[str, Any] = {"title": walk.definition.title, "text": _DONE}
        if walk.account or self._has_just_ended(walk):
            ended = walk.journey.result or {}
        signed_in = getattr(self.request, "account", None) is not None
        context = {
            "result": {},
            "shows": {},
            **ended,
            **ended.get("texts", {}).get(get_language(), {}),
            "next_url": reverse("home" if signed_in else signin_route(), args=[self.market]),
            "signed_in": signed_in,
            "for_members": walk.definition.for_members,
        }
        return render(self.request, walk.definition.last_template, context)

    def _just_ended(self, response: HttpResponse) -> HttpResponse:
        """Let the browser that finished the journey see its last page for ten minutes."""
        cookies.write(response, f"ended-{self.kind}", self.market, self._mark(), life=_END_SHOWN)
        return response

    def _has_just_ended(self, walk: Walk) -> bool:
        given = cookies.read(self.request, f"ended-{self.kind}", self.market)
        is_fresh = timezone.now() - (walk.journey.finished_at or walk.journey.created_at) < _END_SHOWN
        return is_fresh and constant_time_compare(given, self._mark())

    def _mark(self) -> str:
        """A keyed digest of the journey's token, which only this server can compute."""
        digest = salted_hmac("mypolis.journeys.ended", self.token, algorithm="sha256").digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def gone(self, gone: Gone) -> HttpResponse:
        """The page for a link that cannot be used any more, with a link to where to go instead."""
        url = reverse(gone.go_to, args=[self.market])
        return error_page(self.request, "410", text=str(gone.text), start_url=url, start_label=str(gone.label))

    def _throttled(self, limit: LimitReached) -> HttpResponse:
        is_over = limit.limit is ANSWERS_PER_JOURNEY  # the person must start a new journey
        walk = (None if is_over else self._walk()) or self._fresh()
        here = walk.current
        seconds = max(1, math.ceil((limit.until - timezone.now()).total_seconds()))
        text = limit.message
        if not limit.says_when:
            when = time_in_words(limit.until, walk.profile)
            text = _("%(why)s You can try again at %(time)s.") % {"why": limit.message, "time": when}
        keeps_form = here and "resend" not in self.request.POST and not is_over
        form = here.form(self.request.POST, walk=walk) if here and keeps_form else None
        notice = {"kind": "warn", "text": text, "says_call": not limit.says_when}
        response = self.show(walk, form=form, status=429, notices=[notice])
        response["Retry-After"] = str(seconds)
        return self._forgetting(response) if is_over else self._keeping(response)

    def _keeping(self, response: HttpResponse) -> HttpResponse:
        if self.token:
            life = market_or_404(self.market).journey_life
            cookies.write(response, f"journey-{self.kind}", self.market, self.token, life=life)
        return response

    def _forgetting(self, response: HttpResponse) -> HttpResponse:
        cookies.drop(response, f"journey-{self.kind}", self.market)
        return response


def open_link(request: HttpRequest, market: str, *, kind: str, way: str, entry: Facts) -> HttpResponse:
    """The page behind a personal link. GET uses nothing up; the first answer starts the journey."""
    door = _Door(request, market, kind, way, entry=entry)
    try:
        fresh = door._fresh()
        if request.method == "POST":
            door.address = reverse(kind, args=[market])
            begun = door._walk()
            link = fresh.definition.link
            if begun is None or begun.entry(link) != fresh.entry(link):
                door.token = ""
            return door.post()
        return door.show(fresh)
    except Gone as gone:
        return door.gone(gone)
    except Closed as closed:
        return closed_page(request, closed.message)
    except UnknownWay:
        return error_page(request, "404")


@require_GET
def come_back(request: HttpRequest, market: str) -> HttpResponse:
    """The page to which other sites send people back, by GET. It acts only in the browser that left for the site."""
    market_or_404(market)
    visit = returns.visit_of(market=market, state=request.GET.get("state", ""))
    door = _Door(request, market, visit.journey.kind, "") if visit else None
    if visit is None or door is None or not door.token:
        return render(request, "journeys/returned.html")
    return door.come_back()


def _notice_of(error: FieldError) -> dict[str, Any]:
    """Turn an error of a form that is not on the page into a notice."""
    return {"kind": "warn", "text": error.message, "says_call": error.code in CALL_US}


def open_session(response: HttpResponse, market: str, grant: Grant) -> HttpResponse:
    """Set the cookies of a new session and of the device's token."""
    profile = market_or_404(market)
    cookies.write(response, "session", market, grant.access_token, life=profile.session_absolute)
    cookies.write(response, "device", market, grant.device_token, life=cookies.DEVICE_LIFE)
    return response
