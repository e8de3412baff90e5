"""The API of journeys: reads JSON, calls a flow, returns the journey. It uses no cookies."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Router, Status

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys import flows
from mypolis.foundation.journeys.definitions.errors import (
    Expired,
    Gone,
    NotOpen,
    Refused,
    UnknownJourney,
    UnknownStep,
    UnknownWay,
)
from mypolis.foundation.journeys.presenters import document
from mypolis.foundation.journeys.redirects import returns
from mypolis.foundation.journeys.schemas import Back, JourneyDoc, ProblemDoc, Reply, Return, Start
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import actor_of, market_or_404, session_of

router = Router(tags=["journeys"])

REFUSALS = dict.fromkeys((400, 404, 409, 410, 422, 429), ProblemDoc)
type Answered = Status[dict[str, Any]] | HttpResponse


def with_problems(view: Callable[..., Answered]) -> Callable[..., Answered]:
    """Turn the errors of the engine into problem documents that contain the journey."""

    @wraps(view)
    def answered(request: HttpRequest, market: str, token: str = "", **kwargs: Any) -> Answered:
        market_or_404(market)
        where = {"token": token} if token else {}
        try:
            return view(request, market, **where, **kwargs)
        except Refused as refused:
            body = document(refused.walk, token) if refused.walk else None
            errors = [(error.field, error.code, error.message) for error in refused.errors]
            detail = errors[0][2] if errors else ""
            return problem(422, "refused", detail, errors=errors, journey=body)
        except NotOpen as error:
            detail = _("This step is not open now.")
            return problem(409, "not-open", detail, journey=document(error.walk, token))
        except LimitReached as limit:
            return _throttled(request, market, token, limit)
        except UnknownStep as error:
            return problem(
                422,
                "unknown-step",
                _("There is no such step."),
                journey=document(error.walk, token),
                errors=[("step", "unknown", _("There is no such step."))],
            )
        except UnknownWay as error:
            text = _("This market has no such journey or way.")
            return problem(422, "unknown-way", text, errors=[(error.field, "unknown", text)])
        except UnknownJourney:
            return problem(404, "unknown-journey", _("There is no such journey."))
        except Expired:
            return problem(410, "expired", _("This took too long and has timed out. Please start again."))
        except Gone as gone:
            return problem(410, gone.code, gone.message)

    return answered


@router.post(
    "/{market}/journeys", response={201: JourneyDoc, 401: ProblemDoc, 503: ProblemDoc, **REFUSALS}, url_name="journeys"
)
@with_problems
def start(request: HttpRequest, market: str, body: Start) -> Answered:
    """Start a journey. One that changes an account needs the member's access token."""
    walk, token = flows.start(
        market=market,
        kind=body.journey,
        way=body.way,
        language=get_language() or "",
        entry={**body.model_dump(exclude={"journey", "way"}), "session": session_of(request)},
        by=actor_of(request),
    )
    return Status(201, document(walk, token))


@router.get("/{market}/journeys/{token}", response={200: JourneyDoc, **REFUSALS}, url_name="journey")
@with_problems
def show(request: HttpRequest, market: str, token: str) -> Answered:
    """Return a journey without changing it."""
    return Status(200, document(flows.get(market=market, token=token, by=actor_of(request)), token))


@router.post("/{market}/journeys/{token}", response={200: JourneyDoc, **REFUSALS}, url_name="journey-answer")
@with_problems
def answer(request: HttpRequest, market: str, token: str, body: Reply) -> Answered:
    """Answer the named step."""
    answers = {name: value for name, value in body.answers.items() if value is not None}
    walk = flows.answer(market=market, token=token, step=body.step, data=answers, by=actor_of(request))
    return Status(200, document(walk, token))


@router.post("/{market}/journeys/{token}/back", response={200: JourneyDoc, **REFUSALS}, url_name="journey-back")
@with_problems
def back(request: HttpRequest, market: str, token: str, body: Back) -> Answered:
    """Open an earlier step again."""
    return Status(200, document(flows.back(market=market, token=token, to=body.to, by=actor_of(request)), token))


@router.post("/{market}/journeys/{token}/resend", response={200: JourneyDoc, **REFUSALS}, url_name="journey-resend")
@with_problems
def resend(request: HttpRequest, market: str, token: str) -> Answered:
    """Send the current step's code again; 429 when it is too early."""
    return Status(200, document(flows.resend(market=market, token=token, by=actor_of(request)), token))


@router.post("/{market}/journeys/{token}/return", response={200: JourneyDoc, **REFUSALS}, url_name="journey-return")
@with_problems
def come_back(request: HttpRequest, market: str, token: str, body: Return) -> Answered:
    """Answer a step at another site with the query of the return URL; 404 if the state is of another journey."""
    walk = returns.come_back(market=market, token=token, query=body.query, by=actor_of(request))
    return Status(200, document(walk, token))


def _throttled(request: HttpRequest, market: str, token: str, limit: LimitReached) -> HttpResponse:
    more: dict[str, Any] = {}
    if token:
        more["journey"] = document(flows.get(market=market, token=token, by=actor_of(request)), token)
    return problem(
        429, limit.limit.name, limit.message, until=limit.until, errors=[("", "too_many", limit.message)], **more
    )
