"""Everything that must be correct before the portal serves requests: `mypolis check`, and the start of the server."""

from collections.abc import Callable, Iterator, Sequence

from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from mypolis.foundation.events.kinds import all_kinds
from mypolis.foundation.guards.limits import all_limits
from mypolis.foundation.journeys.definitions.vocabulary import vocabulary
from mypolis.foundation.markets import Profile, all_markets
from mypolis.foundation.notices.catalogue import catalogue
from mypolis.foundation.rooms import Room, all_rooms


def run() -> list[str]:
    """All findings of all rooms, each with its place and its remedy; empty if all is well. Reads no table."""
    try:
        profiles = list(all_markets().values())
    except ImproperlyConfigured as error:
        return [str(error)]
    findings = findings_about(profiles)
    return findings or _run(profiles, needs_sound_profiles=True)


def findings_about(profiles: Sequence[Profile]) -> list[str]:
    """Findings about profiles and the insurer's folders. If several rooms report the same finding, it appears once."""
    found = (finding for profile in profiles for finding in _run([profile], needs_sound_profiles=False))
    return list(dict.fromkeys(found))


def _run(profiles: Sequence[Profile], *, needs_sound_profiles: bool) -> list[str]:
    findings: list[str] = []
    for room in all_rooms():
        for check in room.checks:
            if check.needs_sound_profiles == needs_sound_profiles:
                try:
                    findings += room.load(check.run)(profiles)
                except ImproperlyConfigured as error:
                    findings.append(str(error))
    return findings


def findings_about_rooms() -> list[str]:
    """What a room declares but does not have, and what two rooms declare. Otherwise a visitor would find it first."""
    rooms = all_rooms()
    findings = [finding for room in rooms for reference in _references(room) for finding in _of(room.load, reference)]
    for merged in (all_kinds, all_limits, catalogue, vocabulary):
        findings += [] if findings else _of(merged)
    if not findings:
        findings += [finding for room in rooms for finding in _not_found(room)]
    return list(dict.fromkeys(findings))


def _of(run: Callable[..., object], *given: object) -> list[str]:
    try:
        run(*given)
    except ImproperlyConfigured as error:
        return [str(error)]
    return []


def _references(room: Room) -> Iterator[str]:
    """Everything in a room's declaration that is loaded later."""
    yield from (one for one in (room.events, room.limits, room.messages) if one)
    yield from (*room.short_lived, *room.waiting, *room.bounces, *room.metrics, *room.demo_data)
    yield from (reference for references in room.extends.values() for reference in references)
    yield from (pages.urls for pages in (*room.pages, *room.staff_pages))
    yield from (part.router for part in room.api)
    yield from (command.module for command in room.commands)
    yield from (check.run for check in room.checks)
    yield from (card.facts for card in room.home_cards)


def _not_found(room: Room) -> Iterator[str]:
    """Templates and routes that a room names."""
    kinds = room.vocabulary.journeys
    templates = [card.template for card in room.home_cards]
    templates += [name for kind in kinds for name in (kind.drawing, kind.links, kind.while_locked, kind.without_code)]
    for name in filter(None, templates):
        try:
            get_template(name)
        except TemplateDoesNotExist:
            yield f"{room.name}: apps.py names the template {name!r}, which does not exist"
    routes = [entry.route for entry in room.navigation] + [to for kind in kinds for to in kind.leads_to.values()]
    market = next(iter(all_markets()))
    for route in routes:
        try:
            reverse(route, args=[market])
        except NoReverseMatch:
            yield f"{room.name}: apps.py names the route {route!r}, which no page of a market has"
