"""Steps that are met at another site: the person leaves with a state that is good once, and comes back or does not.

`docs/decisions/redirect-step.md` says why it works like this. `returns.py` is the way back.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events.flows import record
from mypolis.foundation.journeys.definitions.answers import Facts, FieldError
from mypolis.foundation.journeys.definitions.errors import NotOpen, Refused
from mypolis.foundation.journeys.definitions.steps import Step, StepForm, Walk
from mypolis.foundation.journeys.event_kinds import JourneyEvent
from mypolis.foundation.journeys.models import Visit
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.markets.profile import Text

LIFE = timedelta(minutes=15)  # how long a visit to the other site may take
CALL = timedelta(seconds=30)  # longer than any call to the other site may take

AWAY = _("The other site does not answer at the moment. Please try again in a few minutes.")
DECLINED = _("You did not confirm it on the other site, so nothing was changed. You can go there again.")
LATE = _("You were on the other site for too long. Please go there again.")
UNFINISHED = _("That did not finish. Please go there again.")


class SiteError(Exception):
    """The other site gave nothing that can be used. `code` is for programs, `message` for the person: in our words."""

    def __init__(self, code: str = "away", message: Text = AWAY) -> None:
        super().__init__(code)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Ticket:
    """With what somebody leaves: `state` must come back with them, to `return_address`."""

    state: str
    return_address: str


@dataclass(frozen=True)
class Departure:
    """Where somebody goes, and what must be at hand when they come back (a nonce, a verifier); kept encrypted."""

    address: str
    keeps: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """With what somebody came back: the query of the address, and what the departure kept."""

    market: str
    query: Mapping[str, str]
    keeps: Facts
    return_address: str


@dataclass(frozen=True, kw_only=True)
class RedirectStep(Step):
    """A step that is met at another site. Its form has no field: the button leads there.

    `leave` makes the address; it may write, as `enter` may, and must not call the other site. `fetch` asks the other
    site what it found out: no transaction is open and no row is locked meanwhile. It reads nothing from the database,
    bounds its own time (10 s) and raises SiteError. What it returns goes to `check`, under the journey's lock, as the
    step's clean answer. `sites` are the origins that the way out may lead over: the page's policy lets forms go there.
    """

    form: type[StepForm] = StepForm
    sites: Callable[[], tuple[str, ...]]
    leave: Callable[[Walk, Ticket], Departure]
    fetch: Callable[[Arrival], Facts]


@dataclass(frozen=True)
class Returned:
    """What a visit brought: facts, or why there are none."""

    visit: Visit
    facts: Facts
    failure: SiteError | None = None

    def settle(self, walk: Walk) -> Facts:
        """The facts, under the journey's lock. Raises NotOpen when the person has left again, Refused on a failure."""
        newest = Visit.objects.filter(journey=walk.journey).order_by("-pk").values_list("pk", flat=True).first()
        if newest != self.visit.pk:
            raise NotOpen(walk)
        Visit.objects.filter(pk=newest).update(outcome=self.failure.code[:24] if self.failure else "returned")
        if self.failure is not None:
            raise Refused(FieldError("", self.failure.code, self.failure.message))
        return self.facts


def depart(walk: Walk, step: RedirectStep) -> str:
    """The address of the other site, for a visit that begins now; earlier ones of this journey are void.

    Called under the journey's lock.
    """
    state, now = new_token(), timezone.now()
    going = step.leave(walk, Ticket(state, return_address(walk.journey.market)))
    if origin_of(going.address) not in step.sites():
        raise ValueError(f"step {step.name} leads to {origin_of(going.address)}, which is not one of its sites")
    earlier = Visit.objects.filter(journey=walk.journey, used_at=None)
    earlier.update(used_at=now, outcome="replaced", keeps=None)
    Visit.objects.create(
        journey=walk.journey,
        step=step.name,
        state_hash=hash_token(state),
        keeps=going.keeps,
        created_at=now,
        expires_at=now + LIFE,
    )
    record(JourneyEvent.JOURNEY_LEFT, market=walk.journey.market, by=walk.by, subject=walk.journey, step=step.name)
    return going.address


def return_address(market: str) -> str:
    """Where every other site sends people back to; they must know it, once for each market."""
    return settings.MYPOLIS.public_url.rstrip("/") + reverse("journey-return", args=[market])


def origin_of(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def failures(walk: Walk, step: Step) -> Iterator[Text]:
    """Why the last visit brought nothing, for the step's page."""
    if not isinstance(step, RedirectStep) or walk.journey._state.adding:
        return
    kept = walk.fact(step.name, "failed")
    if isinstance(kept, list) and kept:
        yield from (str(text) for text in kept)
        return
    last = Visit.objects.filter(journey=walk.journey, step=step.name).order_by("-pk").first()
    if last is not None and last.used_at and not last.outcome and timezone.now() - last.used_at > CALL:
        yield UNFINISHED  # whoever took it died on the way


def content_policy(step: Step) -> dict[str, Sequence[str]] | None:
    """The policy of the step's page: its form may lead to the other site, whose answer to ours is a redirect."""
    if not isinstance(step, RedirectStep):
        return None
    everywhere = cast("Any", settings.SECURE_CSP)
    return {**everywhere, "form-action": [*everywhere["form-action"], *step.sites()]}
