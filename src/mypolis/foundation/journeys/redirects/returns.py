"""The return from another site: use up the state, get the result from the site, answer the step.

There are two short transactions. Nothing is locked between them.
"""

from collections.abc import Mapping

import structlog
from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys import flows
from mypolis.foundation.journeys.definitions.errors import Expired, NotOpen, UnknownJourney
from mypolis.foundation.journeys.definitions.steps import Walk
from mypolis.foundation.journeys.event_kinds import JourneyEvent
from mypolis.foundation.journeys.models import Visit
from mypolis.foundation.journeys.redirects.redirect_steps import (
    LATE,
    LIMITED,
    Arrival,
    RedirectStep,
    Returned,
    SiteError,
    return_address,
)
from mypolis.foundation.lib.crypto.tokens import hash_token

_log = structlog.get_logger(__name__)


def visit_of(*, market: str, state: str) -> Visit | None:
    """Return the visit with this state, used or not, with its journey."""
    rows = Visit.objects.select_related("journey").filter(journey__market=market)
    return rows.filter(state_hash=hash_token(state)).first()


def come_back(*, market: str, token: str, query: Mapping[str, str], by: Actor) -> Walk:
    """Answer a step at another site with the query of the URL with which the person came back.

    The state must belong to the journey of this token. Otherwise nothing is used up and UnknownJourney is raised, so
    the URL alone is worth nothing. Raises NotOpen if the state was used or the journey has moved on, Refused if the
    other site or `check` refuses, Expired, LimitReached.
    """
    visit = visit_of(market=market, state=query.get("state", ""))
    walk = flows.get(market=market, token=token, by=by)
    if visit is None or visit.journey_id != walk.journey.pk:
        raise UnknownJourney
    if walk.state == "expired":
        raise Expired
    step = walk.current
    if not isinstance(step, RedirectStep) or step.name != visit.step or not _use_up(visit, by):
        raise NotOpen(walk)
    came = _ask(step, visit, Arrival(market, query, visit.keeps or {}, return_address(market)))
    try:
        return flows.answer(market=market, token=token, step=step.name, data={}, by=by, came=came)
    except LimitReached:
        Visit.objects.filter(pk=visit.pk, outcome="").update(outcome=LIMITED)  # for the step's page
        raise


@transaction.atomic
def _use_up(visit: Visit, by: Actor) -> bool:
    """Mark the state as used. Return whether it was unused."""
    used = Visit.objects.filter(pk=visit.pk, used_at=None).update(used_at=timezone.now(), keeps=None)
    if used:
        record(
            JourneyEvent.JOURNEY_RETURNED, market=visit.journey.market, by=by, subject=visit.journey, step=visit.step
        )
    return bool(used)


def _ask(step: RedirectStep, visit: Visit, arrival: Arrival) -> Returned:
    """Call the other site. This may take seconds, so no transaction is open."""
    if visit.expires_at <= timezone.now():
        return Returned(visit, {}, SiteError("late", LATE))
    try:
        return Returned(visit, {**step.fetch(arrival)})  # a TypeError if it is no mapping
    except SiteError as error:
        return Returned(visit, {}, error)
    except Exception:  # the query and the site's answer come from outside, and `fetch` may not expect everything
        _log.exception("journey.return_failed", step=step.name, market=arrival.market)
        return Returned(visit, {}, SiteError())
