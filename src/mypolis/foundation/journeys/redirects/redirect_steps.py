"""Steps at another site. The person leaves with a state that can be used once, and comes back or does not.

`docs/decisions/redirect-step.md` says why it works like this. `returns.py` handles the return.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events.flows import record
from mypolis.foundation.guards.flows import TOO_MANY
from mypolis.foundation.journeys.definitions.answers import Facts, FieldError
from mypolis.foundation.journeys.definitions.errors import NotOpen, Refused
from mypolis.foundation.journeys.definitions.steps import Step, StepForm, Walk
from mypolis.foundation.journeys.event_kinds import JourneyEvent
from mypolis.foundation.journeys.models import Visit
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.markets.profile import Text

LIFE = timedelta(minutes=15)  # how long a visit to the other site may take
CALL = timedelta(seconds=30)  # longer than any call to the other site may take
LIMITED = "limited"  # the outcome of a visit whose result met a limit

AWAY = _("The other site does not answer at the moment. Please try again in a few minutes.")
DECLINED = _("You did not confirm it on the other site, so nothing was changed. You can go there again.")
LATE = _("You were on the other site for too long. Please go there again.")
UNFINISHED = _("That did not finish. Please go there again.")


class SiteError(Exception):
    """The other site gave no usable result. `code` is for programs; `message` is our own text for the person."""

    def __init__(self, code: str = "away", message: Text = AWAY) -> None:
        super().__init__(code)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Ticket:
    """What `leave` gets: the other site must send the person back to `return_address`, with `state`."""

    state: str
    return_address: str


@dataclass(frozen=True)
class Departure:
    """The URL of the other site, and what `fetch` will need (a nonce, a verifier); stored encrypted."""

    address: str
    keeps: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """What `fetch` gets: the query of the URL with which the person came back, and what the departure kept."""

    market: str
    query: Mapping[str, str]
    keeps: Facts
    return_address: str


@dataclass(frozen=True, kw_only=True)
class RedirectStep(Step):
    """A step at another site. Its form has no fields, only the button that leads there.

    - `leave(walk, ticket)`: returns the URL to go to. It may write, as `enter` may, but must not call the other site.
    - `fetch(arrival)`: gets the result from the other site, while no transaction is open and no row is locked. It must
      not read the database, must end within 10 seconds, and raises SiteError. What it returns is passed to `check` as
      the step's clean answer, while the journey is locked.
    - `sites()`: the origins to which the page's content security policy lets its form lead.
    """

    form: type[StepForm] = StepForm
    sites: Callable[[], tuple[str, ...]]
    leave: Callable[[Walk, Ticket], Departure]
    fetch: Callable[[Arrival], Facts]


@dataclass(frozen=True)
class Returned:
    """The result of a visit: facts, or the failure."""

    visit: Visit
    facts: Facts
    failure: SiteError | None = None

    def settle(self, walk: Walk) -> Facts:
        """Return the facts; call it while the journey is locked. Raises NotOpen if the visit is void, or Refused."""
        outcome = self.failure.code[:24] if self.failure else "returned"
        if not Visit.objects.filter(pk=self.visit.pk, outcome="").update(outcome=outcome):
            raise NotOpen(walk)
        if self.failure is not None:
            raise Refused(FieldError("", self.failure.code, self.failure.message))
        return self.facts


def depart(walk: Walk, step: RedirectStep) -> str:
    """Start a visit and return the URL of the other site. Earlier visits of this journey become void.

    Call it while the journey is locked.
    """
    state, now = new_token(), timezone.now()
    going = step.leave(walk, Ticket(state, return_address(walk.journey.market)))
    if origin_of(going.address) not in step.sites():
        raise ValueError(f"step {step.name} leads to {origin_of(going.address)}, which is not one of its sites")
    void_visits(walk)
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


def void_visits(walk: Walk) -> None:
    """End all visits that have no result yet. What they bring is dropped. Call it while the journey is locked."""
    if any(isinstance(step, RedirectStep) for step in walk.definition.steps):
        visits = Visit.objects.filter(journey=walk.journey, outcome="")
        visits.update(used_at=Coalesce("used_at", timezone.now()), outcome="replaced", keeps=None)


def return_address(market: str) -> str:
    """Return the URL to which other sites send people back. It must be registered there for each market."""
    return settings.MYPOLIS.public_url.rstrip("/") + reverse("journey-return", args=[market])


def origin_of(address: str) -> str:
    """Return scheme, host and port of a URL."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def failures(walk: Walk, step: Step) -> Iterator[Text]:
    """Yield why the last visit failed, for the step's page."""
    if not isinstance(step, RedirectStep) or walk.journey._state.adding:
        return
    kept = walk.fact(step.name, "failed")
    if isinstance(kept, list) and kept:
        yield from (str(text) for text in kept)
        return
    last = Visit.objects.filter(journey=walk.journey, step=step.name).order_by("-pk").first()
    if last is None or last.used_at is None:
        return
    if last.outcome == LIMITED:
        yield TOO_MANY
    elif not last.outcome and timezone.now() - last.used_at > CALL:
        yield UNFINISHED  # the process that handled the return died


def content_policy(step: Step) -> dict[str, Sequence[str]] | None:
    """Return the page's policy, which lets the form lead to the other site, because our response redirects there."""
    if not isinstance(step, RedirectStep):
        return None
    everywhere = cast("Any", settings.SECURE_CSP)
    return {**everywhere, "form-action": [*everywhere["form-action"], *step.sites()]}
