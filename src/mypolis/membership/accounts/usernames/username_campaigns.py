"""Issues new usernames in bulk to members who already have an account, and mails them. Passwords do not change.

A campaign is one such round. Every username that it issued stores the campaign's name. So a new run continues after
an interruption, and two simultaneous runs share the work.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.markets import market as profile_of
from mypolis.membership.accounts.models import Account, Username
from mypolis.membership.accounts.usernames.new_username import give_username
from mypolis.membership.people.models import Employer, Membership

_JUST_NOW = timedelta(days=1)


class IssuingRefusedError(Exception):
    """The run issued nothing; `message` is a sentence for the operator."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, kw_only=True)
class Issuing:
    """What a run did, or with `dry_run` would do.

    `issued` members got a username now; `before` had already got one from this campaign. `no_address` are the ids of
    accounts without a confirmed e-mail address, which keep their username. `left` accounts were locked by another
    transaction.
    """

    market: str
    employer: str | None
    campaign: str
    dry_run: bool
    issued: int
    before: int
    left: int
    no_address: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every member has a new username."""
        return not (self.left or self.no_address)

    def as_json(self) -> dict[str, object]:
        """The fields, and `no_address` as `{"count", "accounts"}`."""
        return asdict(self) | {"no_address": {"count": len(self.no_address), "accounts": list(self.no_address)}}


@dataclass(frozen=True)
class _Batch:
    last: int
    issued: int
    no_address: list[int]


def campaign_of_today(market: str) -> str:
    """The default name of a campaign: today's date in the market.

    Raises IssuingRefusedError when another campaign issued usernames within the last day. Otherwise a run that was
    interrupted before midnight and restarted after it would give everybody a second username.
    """
    today = profile_of(market).today().isoformat()
    recent = Username.objects.filter(market=market, reserved_at__gt=timezone.now() - _JUST_NOW)
    other = recent.exclude(campaign__in=["", today]).first()
    if other is not None:
        message = f"The campaign {other.campaign} issued usernames within the last day. Go on with it or name a new one"
        raise IssuingRefusedError("which_campaign", f"{message}: --campaign NAME.")
    return today


def issue_usernames(
    *, market: str, campaign: str, by: Actor, employer: str | None = None, batch: int = 500, dry_run: bool = False
) -> Issuing:
    """Issue one new username to each member who existed when the campaign began, `batch` members per transaction.

    With `employer` (its key), only to members who are or were on its policies. Raises IssuingRefusedError.
    """
    if not profile_of(market).uses_usernames:
        raise IssuingRefusedError("no_usernames", f"Members of the market {market} do not use usernames.")
    members = _members(market, employer, campaign)
    given = Exists(Username.objects.filter(account=OuterRef("pk"), campaign=campaign))
    before = members.filter(given).count()
    waiting = members.filter(~given)
    issued, last, no_address = 0, 0, list[int]()
    while done := _issue_batch(waiting.filter(pk__gt=last), campaign, size=batch, dry_run=dry_run, by=by):
        issued, last = issued + done.issued, done.last
        no_address += done.no_address
    still = waiting.count() - (issued if dry_run else 0)
    return Issuing(
        market=market,
        employer=employer,
        campaign=campaign,
        dry_run=dry_run,
        issued=issued,
        before=before,
        left=max(0, still - len(no_address)),
        no_address=tuple(no_address),
    )


def _members(market: str, employer: str | None, campaign: str) -> QuerySet[Account]:
    """The accounts that existed when the campaign issued its first username; for a new campaign, all that exist now."""
    began = Username.objects.filter(market=market, campaign=campaign).aggregate(at=Min("reserved_at"))["at"]
    members = Account.objects.filter(market=market, created_at__lte=began or timezone.now())
    if employer is None:
        return members
    company = Employer.objects.filter(market=market, key=employer).first()
    if company is None:
        raise IssuingRefusedError("unknown_employer", f"The market {market} has no employer {employer}.")
    return members.filter(Exists(Membership.objects.filter(person=OuterRef("person"), policy__employer=company)))


@transaction.atomic(durable=True)
def _issue_batch(waiting: QuerySet[Account], campaign: str, *, size: int, dry_run: bool, by: Actor) -> _Batch | None:
    """Process the next accounts that no other run has locked; None when there are no more."""
    # No key lock, so that members can sign in meanwhile: a new device's row refers to the account.
    free = waiting.order_by("pk").select_for_update(skip_locked=True, no_key=True)
    locked = list(free.values_list("pk", flat=True)[:size])
    if not locked:
        return None
    # Query again: another run may have processed some of them between this run's query and its lock.
    accounts = list(waiting.filter(pk__in=locked).order_by("pk").prefetch_related("contact_points"))
    reachable = [account for account in accounts if account.mailable_address]
    if not dry_run:
        for account in reachable:
            give_username(account, campaign=campaign, by=by)
    return _Batch(locked[-1], len(reachable), [account.pk for account in accounts if not account.mailable_address])
