"""Mail to staff. It has the brand of one of their markets, because every message belongs to a market."""

from collections.abc import Mapping

from mypolis.foundation.events import Actor
from mypolis.foundation.markets import all_markets
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.notices import flows as notices
from mypolis.foundation.notices.catalogue import Value
from mypolis.foundation.staff.entrance.addresses import address_at_desk
from mypolis.foundation.staff.models import StaffAccount


def send_invitation(account: StaffAccount, *, market: str, url: str, by: Actor) -> None:
    """Send the link with which somebody joins."""
    _send(account, market, "staff-invitation", {"name": account.name, "url": url, "hours": 24}, by)


def send_reset(account: StaffAccount, *, url: str, by: Actor) -> None:
    """Send the link with which somebody sets up their sign-in anew, and tell the administrators of their markets."""
    _send(account, _market_of(account), "staff-reset", {"name": account.name, "url": url, "hours": 24}, by)
    for administrator, market in _administrators_for(account):
        if administrator.pk != account.pk:
            context = {"name": account.name, "url": address_at_desk("/desk/")}
            _send(administrator, market, "staff-reset-told", context, by)


def tell_of_factor(account: StaffAccount, *, template: str, by: Actor) -> None:
    """Tell somebody that a factor of theirs changed: "staff-factor-added" or "staff-factor-removed"."""
    _send(account, _market_of(account), template, {"url": address_at_desk("/desk/me/")}, by)


def tell_of_recovery(account: StaffAccount, *, by: Actor) -> None:
    """Tell the person and all administrators of their markets that a recovery code was used."""
    readers = {one.pk: (one, market) for one, market in _administrators_for(account)}
    readers[account.pk] = (account, _market_of(account))
    for reader, market in readers.values():
        _send(reader, market, "staff-recovery-used", {"name": account.name, "url": address_at_desk("/desk/")}, by)


def _administrators_for(account: StaffAccount) -> list[tuple[StaffAccount, str]]:
    """The administrators of somebody's markets, each once, with the market."""
    found: dict[int, tuple[StaffAccount, str]] = {}
    for market in account.held_roles:
        administrators = StaffAccount.objects.filter(
            roles__market=market, roles__role="administrator", closed_at=None, joined_at__isnull=False
        )
        found = {one.pk: (one, market) for one in administrators} | found
    return list(found.values())


def _market_of(account: StaffAccount) -> str:
    return min(account.held_roles, default=min(all_markets()))


def _send(account: StaffAccount, market: str, template: str, context: Mapping[str, Value], by: Actor) -> None:
    profile = profile_of(market)
    language = account.language if account.language in profile.languages else profile.default_language
    notices.send(
        market=market, channel="email", to=account.email, template=template, language=language, context=context, by=by
    )
