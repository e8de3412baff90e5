"""The row of a journey: creating it, finding it by its token, locking and saving it.

Rooms extend `journeys.gates` with functions that take a market and a kind, and raise Closed if none may begin.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import Actor
from mypolis.foundation.guards.flows import LimitReached, Use, of_address, spend
from mypolis.foundation.journeys.definitions import registry
from mypolis.foundation.journeys.definitions.answers import (
    ENTRY,
    Answer,
    Facts,
    answers_from_json,
    answers_to_json,
    clean_of,
)
from mypolis.foundation.journeys.definitions.errors import (
    Expired,
    MembersOnly,
    NotOpen,
    Repeated,
    UnknownJourney,
    UnknownWay,
)
from mypolis.foundation.journeys.definitions.steps import Definition, Walk
from mypolis.foundation.journeys.limits import ANSWERS_PER_JOURNEY, NEW_JOURNEYS
from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.journeys.retention import JOURNEYS
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.lib.postgres.prepared_queries import Prepared, place
from mypolis.foundation.lib.postgres.prepared_writes import insert, update
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.rooms import extensions

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
    """Return a journey without locking it. Raises UnknownJourney."""
    return _walk(_find(market, token, lock=False), by)


def lock(market: str, token: str, by: Actor, *, form: str = "") -> Walk:
    """Lock a journey for an answer. Raises Expired, Repeated, LimitReached, and NotOpen if it is finished."""
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
        raise UnknownJourney from None  # the way is no longer offered
    walk = Walk(journey, definition, answers_from_json(journey.answers), by)
    others = definition.for_members and (by.kind, by.id) != ("member", walk.member)
    if others and walk.state != "expired":  # an expired journey reveals only that it is expired
        raise UnknownJourney  # it belongs to another member, or its member is signed out
    return walk


def save(walk: Walk) -> None:
    """Insert the row, or update the columns that can change."""
    finished = walk.journey.finished_at is not None
    walk.journey.answers = None if finished else answers_to_json(walk.answers)  # a finished journey keeps no answers
    if walk.journey._state.adding:
        insert(walk.journey)
    else:
        update(walk.journey, ("language", "answers", "result", "last_form", "taken", "refused", "finished_at"))


def unsaved(*, market: str, kind: str, way: str, language: str, entry: Facts, by: Actor) -> Walk:
    """Return a new journey, to show its first page. Writes nothing.

    Raises UnknownWay, MembersOnly, Gone, Closed.
    """
    definition = registry.find(market, kind, way)
    for gate in extensions("journeys.gates"):
        gate(market, kind)
    if definition.for_members and by.kind != "member":
        raise MembersOnly
    journey = Journey(
        market=market,
        kind=kind,
        way=_way_in(definition, way),
        version=definition.version,
        language=language,
        expires_at=timezone.now() + profile_of(market).journey_life,
    )
    walk = Walk(journey, definition, {}, by, has_begun=False)
    facts = definition.begin(walk, entry) if definition.begin else {}
    whose: Facts = {"member": by.id} if definition.for_members else {}
    walk.answers = {ENTRY: Answer(facts={**facts, **whose, "way": journey.way})}
    return walk


def first_step(*, market: str, kind: str, way: str) -> str:
    """Return the name of the first step. Raises UnknownWay."""
    definition = registry.find(market, kind, way)
    first = definition.current({ENTRY: Answer(facts={"way": _way_in(definition, way)})})
    return first.name if first else ""


def typed_before(walk: Walk, following: str) -> Facts:
    """Return what was typed into fields that the first page of the next journey has too. Without secrets."""
    choices = registry.definitions().get((walk.journey.market, following))
    first = choices[0].steps[0].form.base_fields if choices else {}
    return {
        name: value
        for step in walk.definition.path(walk.answers)
        for name, value in clean_of(walk.answers, step.name).items()
        if value and name in first and name in step.form.base_fields
    }


def begin(*, market: str, kind: str, way: str, language: str, entry: Facts, by: Actor) -> tuple[Walk, str]:
    """Return a new journey and its token. Pass it to `flows.answer_first`, which writes the row.

    Raises UnknownWay, MembersOnly, Gone, Closed, LimitReached.
    """
    walk = unsaved(market=market, kind=kind, way=way, language=language, entry=entry, by=by)
    spend(*_counted_for(walk), market=market)
    token = new_token()
    walk.journey.token_hash = hash_token(token)
    walk.has_begun = True
    return walk, token


def _counted_for(walk: Walk) -> Use:
    """Return the limit to use: one for the IP address, or one for the known device or the personal link."""
    apart = next((name for name in (walk.definition.link, "device") if name and walk.entry(name)), None)
    if apart is None:
        return of_address(NEW_JOURNEYS, walk.by.address)
    return NEW_JOURNEYS, f"{apart}:{walk.entry(apart)}"


def _way_in(definition: Definition, way: str) -> str:
    """Return the way to start with: the named one, or none if a step asks for it, or the first one."""
    return way or ("" if definition.asks_way else definition.ways[0])
