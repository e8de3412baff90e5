"""The row of a journey: found by its token, locked to be answered, and saved."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import Actor
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys import registry
from mypolis.foundation.journeys.errors import Expired, NotOpen, Repeated, UnknownJourney, UnknownWay
from mypolis.foundation.journeys.limits import ANSWERS_PER_JOURNEY
from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.journeys.retention import JOURNEYS
from mypolis.foundation.journeys.steps import Definition
from mypolis.foundation.journeys.walk import Walk, answers_from_json, answers_to_json
from mypolis.foundation.lib.crypto.tokens import hash_token
from mypolis.foundation.lib.postgres.prepared_queries import Prepared, place
from mypolis.foundation.lib.postgres.prepared_writes import insert, update

_BY_TOKEN = Prepared(lambda: Journey.objects.filter(token_hash=place("token_hash"), market=place("market")))
_BY_TOKEN_LOCKED = Prepared(
    lambda: Journey.objects.filter(token_hash=place("token_hash"), market=place("market")).select_for_update()
)


def _find(market: str, token: str, *, lock: bool) -> Journey:
    rows = _BY_TOKEN_LOCKED if lock else _BY_TOKEN
    journey = rows.first(token_hash=hash_token(token), market=market)
    if journey is None or journey.expires_at + JOURNEYS.life <= timezone.now():
        raise UnknownJourney
    return journey


def read(market: str, token: str, by: Actor) -> Walk:
    """A journey, not locked. Raises UnknownJourney."""
    return _walk(_find(market, token, lock=False), by)


def lock(market: str, token: str, by: Actor, *, form: str = "") -> Walk:
    """The locked journey, ready to be answered. Raises Expired, Repeated, LimitReached; a finished one NotOpen."""
    walk = _walk(_find(market, token, lock=True), by)
    if form and form == walk.journey.last_form:
        raise Repeated
    state = walk.state
    if state == "done":
        raise NotOpen(walk)
    if state == "expired":
        raise Expired
    if walk.journey.taken >= ANSWERS_PER_JOURNEY.most:
        raise LimitReached(ANSWERS_PER_JOURNEY, walk.journey.expires_at, _("There were too many tries. Start again."))
    return walk


def _walk(journey: Journey, by: Actor) -> Walk:
    try:
        definition: Definition = registry.find(journey.market, journey.kind, journey.way)
    except UnknownWay:
        raise UnknownJourney from None  # a way that is no longer offered
    walk = Walk(journey, definition, answers_from_json(journey.answers), by)
    others = definition.for_members and (by.kind, by.id) != ("member", walk.member)
    if others and walk.state != "expired":  # one that is over tells nothing but that
        raise UnknownJourney  # another member's, or whoever walked it is no longer signed in
    return walk


def save(walk: Walk) -> None:
    """Write the row: a new one, or what may have changed of it."""
    finished = walk.journey.finished_at is not None
    walk.journey.answers = None if finished else answers_to_json(walk.answers)  # a finished one keeps no data
    if walk.journey._state.adding:
        insert(walk.journey)
    else:
        update(walk.journey, ("language", "answers", "result", "last_form", "taken", "refused", "finished_at"))
