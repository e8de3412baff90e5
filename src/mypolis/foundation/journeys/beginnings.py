"""A journey before its first answer."""

from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.guards.flows import Use, of_address, spend
from mypolis.foundation.journeys import registry
from mypolis.foundation.journeys.errors import MembersOnly
from mypolis.foundation.journeys.limits import NEW_JOURNEYS
from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.journeys.steps import ENTRY, Answer, Definition, Facts, clean_of
from mypolis.foundation.journeys.walk import Walk
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.markets import market as profile_of


def unsaved(*, market: str, kind: str, way: str, language: str, entry: Facts, by: Actor) -> Walk:
    """A journey before its first answer: what a first page shows. Writes nothing.

    Raises UnknownWay, MembersOnly, Gone.
    """
    definition = registry.find(market, kind, way)
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
    """The name of the step that a journey begins with. Raises UnknownWay."""
    definition = registry.find(market, kind, way)
    first = definition.current({ENTRY: Answer(facts={"way": _way_in(definition, way)})})
    return first.name if first else ""


def typed_before(walk: Walk, following: str) -> Facts:
    """What was typed in a journey for fields that the first page of the following one has too; never a secret."""
    choices = registry.definitions().get((walk.journey.market, following))
    first = choices[0].steps[0].form.base_fields if choices else {}
    return {
        name: value
        for step in walk.definition.path(walk.answers)
        for name, value in clean_of(walk.answers, step.name).items()
        if value and name in first and name in step.form.base_fields
    }


def begin(*, market: str, kind: str, way: str, language: str, entry: Facts, by: Actor) -> tuple[Walk, str]:
    """A new journey that is answered at once, and its token. Pass it to `flows.answer_first`, which writes its row.

    Raises UnknownWay, MembersOnly, Gone, LimitReached.
    """
    walk = unsaved(market=market, kind=kind, way=way, language=language, entry=entry, by=by)
    spend(*_counted_for(walk), market=market)
    token = new_token()
    walk.journey.token_hash = hash_token(token)
    walk.has_begun = True
    return walk, token


def _counted_for(walk: Walk) -> Use:
    """Whose new journeys are counted: a known device's and a link's apart from those of their address."""
    apart = next((name for name in (walk.definition.link, "device") if name and walk.entry(name)), None)
    if apart is None:
        return of_address(NEW_JOURNEYS, walk.by.address)
    return NEW_JOURNEYS, f"{apart}:{walk.entry(apart)}"


def _way_in(definition: Definition, way: str) -> str:
    """The way that a journey starts with: the one named, else the first, else none where the first step asks it."""
    return way or ("" if definition.asks_way else definition.ways[0])
