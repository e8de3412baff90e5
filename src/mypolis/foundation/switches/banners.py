"""Publishes notices for members and withdraws them. They begin and end by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.postgres.named_locks import lock_name
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.switches import state
from mypolis.foundation.switches.event_kinds import SwitchEvent
from mypolis.foundation.switches.models import Banner

LONGEST_TEXT = 300
LONGEST_LIFE = timedelta(days=90)
MOST_OPEN = 3  # more would push the page out of sight

_LOOKS = {"info": "info", "warning": "warn"}


class TooManyBanners(Exception):
    """The market has as many notices, shown or planned, as a page can take."""


@dataclass(frozen=True)
class Notice:
    """A notice in the page's language; `kind` is its look: info or warn."""

    kind: str
    text: str


@transaction.atomic
def publish(
    *,
    market: str,
    severity: str,
    texts: Mapping[str, str],
    starts_at: datetime,
    ends_at: datetime,
    author: StaffAccount,
    by: Actor,
) -> Banner:
    """Publish a notice. `texts` has one text for each language of the market.

    Raises TooManyBanners, and ValueError for texts or times that the form would refuse.
    """
    if texts.keys() != set(profile_of(market).languages) or not all(texts.values()):
        raise ValueError("a text for each language of the market")
    if not timedelta(0) < ends_at - starts_at <= LONGEST_LIFE:
        raise ValueError("it must end after its start, and not too long after")
    lock_name(f"banners:{market}")  # two people must not pass the limit together
    if Banner.objects.filter(market=market, withdrawn_at=None, ends_at__gt=timezone.now()).count() >= MOST_OPEN:
        raise TooManyBanners
    times = {"starts_at": starts_at, "ends_at": ends_at}
    row = Banner.objects.create(market=market, severity=severity, texts=dict(texts), made_by=author, **times)
    record(SwitchEvent.BANNER_PUBLISHED, market=market, by=by, subject=row, severity=severity)
    state.read_again()
    return row


@transaction.atomic
def withdraw(*, banner: Banner, by: Actor) -> bool:
    """Withdraw a notice. Returns whether it was shown or planned."""
    now = timezone.now()
    row = Banner.objects.select_for_update().get(pk=banner.pk)
    if row.state_at(now) not in ("shown", "planned"):
        return False
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    record(SwitchEvent.BANNER_WITHDRAWN, market=row.market, by=by, subject=row)
    state.read_again()
    return True


def banners(request: HttpRequest) -> dict[str, list[Notice]]:
    """Return the context with which every page of a market shows its notices, the oldest first."""
    profile: Profile | None = getattr(request, "market", None)
    return {"banners": _shown(profile, timezone.now()) if profile else []}


def _shown(profile: Profile, now: datetime) -> list[Notice]:
    language = get_language() or ""
    return [
        Notice(_LOOKS[one.severity], one.texts.get(language) or one.texts[profile.default_language])
        for one in state.state_of(profile.code).banners
        if one.starts_at <= now < one.ends_at
    ]
