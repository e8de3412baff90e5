"""The return from another site: use up the state, get the result from the site, answer the step.

There are two short transactions. Nothing is locked between them.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.journeys import flows
from mypolis.foundation.journeys.definitions.errors import NotOpen, UnknownJourney
from mypolis.foundation.journeys.definitions.steps import Walk
from mypolis.foundation.journeys.event_kinds import JourneyEvent
from mypolis.foundation.journeys.models import Visit
from mypolis.foundation.journeys.redirects.redirect_steps import (
    LATE,
    Arrival,
    RedirectStep,
    Returned,
    SiteError,
    return_address,
)
from mypolis.foundation.lib.crypto.tokens import hash_token


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
    step = next((one for one in walk.definition.steps if one.name == visit.step), None)
    if not isinstance(step, RedirectStep) or not _use_up(visit, by):
        raise NotOpen(walk)
    came = _ask(step, visit, Arrival(market, query, visit.keeps or {}, return_address(market)))
    return flows.answer(market=market, token=token, step=step.name, data={}, by=by, came=came)


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
        return Returned(visit, step.fetch(arrival))
    except SiteError as error:
        return Returned(visit, {}, error)
