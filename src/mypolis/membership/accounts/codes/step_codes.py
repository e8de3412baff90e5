"""The codes of one step of a journey: where they go, which were sent, and under which keys they are counted."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.events.flows import record
from mypolis.foundation.events.kinds import Kind
from mypolis.foundation.guards.flows import left
from mypolis.foundation.journeys.definitions.answers import Answers
from mypolis.foundation.journeys.definitions.steps import Walk
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.postgres.prepared_queries import Prepared, one_of, place
from mypolis.foundation.markets.profile import Channel
from mypolis.membership.accounts.codes.code_targets import Target
from mypolis.membership.accounts.codes.code_waits import REMEMBERED
from mypolis.membership.accounts.limits import APP_CODE_TRIES
from mypolis.membership.accounts.models import OneTimeCode

_BY_STEP = Prepared(lambda: OneTimeCode.objects.filter(journey=place("journey"), step=place("step")))
_BY_STEP_OR_LINE = Prepared(
    lambda: (
        OneTimeCode.objects.filter(
            Q(journey=place("journey"), step=place("step")) | Q(one_of("line", "lines"), created_at__gt=place("since"))
        )
        .select_related("message")
        .defer("message__to", "message__context")
        .order_by("id")
    )
)


@dataclass(frozen=True)
class Codes:
    """The codes of a step in one journey, and the recent codes that share its waiting time."""

    own: list[OneTimeCode]
    line: list[OneTimeCode]


@dataclass(frozen=True)
class StepCodes:
    """A step that asks for a code. `app` returns the account whose authenticator app is accepted."""

    name: str
    channel: Channel
    target: Callable[[Answers], Target]
    app: Callable[[Answers], int | None] | None = None

    def app_of(self, walk: Walk) -> int | None:
        """The account whose authenticator app is accepted. None without an app, after a code was sent, and after too
        many wrong codes of the app."""
        account = self.app(walk.answers) if self.app is not None else None
        if account is None or _BY_STEP.exists(journey=walk.journey.pk, step=self.name):
            return None
        return account if left(APP_CODE_TRIES, self.counted(walk), market=walk.journey.market).left else None

    def codes(self, walk: Walk) -> Codes:
        """The codes of this step in this journey, and of this line in any journey; oldest first, with messages."""
        if not walk.has_begun:
            return Codes([], [])
        lines, contacts = self.lines(walk), self.contacts(walk)
        since = timezone.now() - REMEMBERED
        codes = _BY_STEP_OR_LINE.all(journey=walk.journey.pk, step=self.name, lines=lines, since=since)
        own = [code for code in codes if (code.journey_id, code.step) == (walk.journey.pk, self.name)]
        for code in own:
            if bytes(code.contact) not in contacts and code.voided_at is None:
                code.voided_at = code.created_at  # sent to another contact point before the person went back
        return Codes(own, [code for code in codes if bytes(code.line or b"") in lines])

    def newest(self, codes: list[OneTimeCode]) -> OneTimeCode | None:
        """The last code that is not void."""
        return next((code for code in reversed(codes) if code.voided_at is None), None)

    def contacts(self, walk: Walk) -> list[bytes]:
        """The contact point's digests under each key of the ring, the primary key's first."""
        target = self.target(walk.answers)
        return keyring.current().digests(f"{target.to}|{target.subject}", purpose="code-contact")

    def lines(self, walk: Walk) -> list[bytes]:
        """The line's digests under each key of the ring, the primary key's first."""
        return keyring.current().digests(self.target(walk.answers).line, purpose="code-line")

    def counted(self, walk: Walk) -> str:
        """The key for counting tries: one per known device and proof, so that strangers cannot use up a member's."""
        target = self.target(walk.answers)
        contact = "" if target.quiet else target.to
        what = target.opens or f"{walk.journey.kind}:{self.name}:{target.subject}:{contact}"
        return f"{what}:{target.device or target.proof}"

    def record(self, walk: Walk, kind: Kind, *, by_way: str = "") -> None:
        """Record an event about a code of this step."""
        way = by_way or self.channel
        record(kind, market=walk.journey.market, by=walk.by, subject=walk.journey, step=self.name, by_way=way)


def bound(walk: Walk, step: str, code: str) -> str:
    """The code combined with its journey and step, so that the same digits are not valid elsewhere."""
    return f"{walk.journey.pk}:{step}:{code}"
