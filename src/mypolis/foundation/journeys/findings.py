"""For `mypolis check`: a market's journeys. Each finding says where the problem is and what to do."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import trans_real

from mypolis.foundation.journeys.definitions import registry
from mypolis.foundation.journeys.definitions.answers import always
from mypolis.foundation.journeys.definitions.steps import Definition, Step
from mypolis.foundation.journeys.definitions.vocabulary import vocabulary
from mypolis.foundation.journeys.redirects.redirect_steps import RedirectStep, origin_of
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.profile import Channel
from mypolis.foundation.web.form_fields.fields import DrawnField

_DECLARED = "rooms declare such names in `Room.vocabulary`"


def findings(profiles: Iterable[Profile]) -> list[str]:
    """Return every finding about the journeys of these markets, and a missing SMS gateway."""
    found = [finding for profile in profiles for finding in lint_market(profile)]
    return found + lint_sms(profiles)


def lint_sms(profiles: Iterable[Profile]) -> list[str]:
    """Return a finding if steps send codes by SMS, and production has no SMS gateway."""
    if settings.MYPOLIS.sms_url or settings.MYPOLIS.mode != "production":
        return []
    served = {profile.code for profile in profiles}
    needing = {
        market
        for (market, _kind), choices in registry.definitions().items()
        for definition in choices
        for step in definition.steps
        if market in served and "sms" in step.proves
    }
    if not needing:
        return []
    markets = ", ".join(sorted(needing))
    return [f"MYPOLIS_SMS_URL: {markets}: members prove their numbers by SMS; set it to a gateway's address"]


def lint_market(profile: Profile) -> list[str]:
    """Return every finding about the journeys of a market."""
    found = {kind: choices for (code, kind), choices in registry.definitions().items() if code == profile.code}
    missing = [
        f"{profile.code}: no journey {kind.name!r}; declare it in one of {', '.join(profile.journeys)}"
        for kind in vocabulary().journeys
        if kind.needed and kind.name not in found
    ]
    each = [finding for choices in found.values() for one in choices for finding in lint_definition(one, profile)]
    return missing + each


def lint_definition(definition: Definition, profile: Profile) -> list[str]:
    """Return every finding about one journey: names, fields, codes, unreachable steps, translations."""
    place = f"{definition.market}/{definition.kind}/{definition.ways[0] or '-'}"
    checks = (_names, _codes, _sites, _unreachable, _no_match)
    found = [check(definition) for check in checks] + [_words(definition, profile)]
    return [f"{place}: {finding}" for findings in found for finding in findings]


def _names(definition: Definition) -> Iterator[str]:
    known = vocabulary()
    kinds = [kind.name for kind in known.journeys]
    if definition.kind not in kinds:
        yield f"unknown journey {definition.kind!r}; known are {', '.join(sorted(kinds))} ({_DECLARED})"
    for step in definition.steps:
        if step.name not in known.steps:
            yield f"unknown step {step.name!r}; known are {', '.join(sorted(known.steps))} ({_DECLARED})"
        for name, field in step.form.base_fields.items():
            if name not in known.fields:
                yield f"step {step.name}: unknown field {name!r} ({_DECLARED})"
            if not isinstance(field, DrawnField):
                yield f"step {step.name}: field {name!r} cannot draw itself; use a field of web/form_fields/fields.py"


def _codes(definition: Definition) -> Iterator[str]:
    """A code can only go to a contact point that an earlier step knows."""
    known: set[Channel] = set()
    for step in definition.steps:
        for channel in step.proves - known:
            yield f"step {step.name}: sends a code by {channel}, but no earlier step `knows` a contact point for it"
        known |= step.knows


def _sites(definition: Definition) -> Iterator[str]:
    """A step at another site has no fields, and names valid origins."""
    for step in definition.steps:
        if isinstance(step, RedirectStep):
            if step.form.base_fields:
                yield f"step {step.name}: goes to another site, so its form must have no fields"
            for site in step.sites():
                if origin_of(site) != site or urlsplit(site).scheme not in ("https", "http"):
                    yield f"step {step.name}: {site!r} is not an origin; write it as https://host, without a path"


def _unreachable(definition: Definition) -> Iterator[str]:
    """A step is unreachable if everybody gets an earlier step of the same name."""
    unconditional: set[str] = set()
    for step in definition.steps:
        if step.name in unconditional:
            yield f"step {step.name}: unreachable, everybody gets an earlier step of this name"
        if step.asked is always:
            unconditional.add(step.name)


def _no_match(definition: Definition) -> Iterator[str]:
    """If `still_true` returns false, the person sees `no_match`, so it must not be empty."""
    if not definition.no_match and any(step.still_true for step in definition.steps):
        yield "`no_match` is empty, and a step has `still_true`; write what the person then reads"


def _words(definition: Definition, profile: Profile) -> Iterator[str]:
    """Every text of a journey is translated into every language of its market."""
    for language in profile.languages:
        if language == "en":
            continue
        for text in _texts(definition):
            if not _is_translated(text, language):
                yield f"not translated into {language}: {text!r} (make messages)"


def _texts(definition: Definition) -> Iterable[str]:
    with translation.override("en"):
        yield str(definition.title)
        yield str(definition.no_match)
        for step in definition.steps:
            yield from _texts_of(step)


def _texts_of(step: Step) -> Iterable[str]:
    fixed = [text for text in (step.title, step.help, step.button) if isinstance(text, str | Promise)]
    for field in step.form.base_fields.values():
        fixed += [text for text in (field.label, field.help_text) if text]
    return [str(text) for text in fixed if text]


def _is_translated(msgid: str, language: str) -> bool:
    catalogue = trans_real.translation(language)
    return msgid in getattr(catalogue, "_catalog", {})
