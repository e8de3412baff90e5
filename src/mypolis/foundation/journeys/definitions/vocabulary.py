"""The names on which other programs rely, merged from `Room.vocabulary` of all rooms."""

from functools import cache

from django.core.exceptions import ImproperlyConfigured

from mypolis.foundation.rooms import JourneyKind, Vocabulary, all_rooms


@cache
def vocabulary() -> Vocabulary:
    """Merge the vocabularies of all rooms. Raises ImproperlyConfigured if two rooms declare the same kind."""
    parts = [room.vocabulary for room in all_rooms()]
    kinds = [kind for part in parts for kind in part.journeys]
    names = [kind.name for kind in kinds]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ImproperlyConfigured(f"two rooms declare the journey {', '.join(twice)}")
    return Vocabulary(
        journeys=tuple(kinds),
        steps=tuple(dict.fromkeys(step for part in parts for step in part.steps)),
        fields=tuple(dict.fromkeys(field for part in parts for field in part.fields)),
        entries={name: what for part in parts for name, what in part.entries.items()},
    )


def kind_named(name: str) -> JourneyKind:
    """Return the kind with this name, or a plain one if no room declares it."""
    return next((kind for kind in vocabulary().journeys if kind.name == name), JourneyKind(name))


def signin_route() -> str:
    """Return the route of the journey that opens a session, or of the start page if there is none."""
    return next((kind.name for kind in vocabulary().journeys if kind.signs_in), "home")
