"""Messages to a member about the account, with a daily limit for each kind.

The limit prevents strangers from flooding a member's mailbox.
"""

from collections.abc import Iterable, Mapping, Sequence

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.guards.flows import LimitReached, count_uses, spend
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.foundation.markets.profile import Channel
from mypolis.foundation.notices import flows as notices
from mypolis.foundation.notices.catalogue import catalogue
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.limits import NOTICES, RECOVERY_MAILS
from mypolis.membership.accounts.models import Account, ContactPoint, key_of


def notify_everywhere(
    account: Account, template: str, *, by: Actor, context: Mapping[str, str | int] | None = None
) -> None:
    """Send a message about the account's security to every contact point that can receive it."""
    notify_at(reachable_contacts(account.contact_points.all()), account, template, by=by, context=context)


def reachable_contacts(points: Iterable[ContactPoint]) -> list[tuple[Channel, str]]:
    """Channel and address of every mobile, and of every e-mail address that may receive mail."""
    return [
        ("email" if point.kind == "email" else "sms", point.value)
        for point in points
        if point.kind == "mobile" or point.may_get_mail
    ]


def notify_at(
    places: Sequence[tuple[Channel, str]],
    account: Account,
    template: str,
    *,
    by: Actor,
    context: Mapping[str, str | int] | None = None,
) -> None:
    """Send the same service message to each of these places; nothing once the day's limit is used up."""
    if not places or not may_notify(account, template, by=by):
        return
    for channel, to in places:
        notices.send(
            market=account.market,
            channel=channel,
            to=to,
            template=template,
            language=account.language,
            context=context or {},
            by=by,
            whose=notices.row_name(account),
        )


def mail_quietly(
    account: Account | None, template: str, context: Mapping[str, str | int], *, market: str, language: str, by: Actor
) -> None:
    """Mail the account's address, or write a decoy when there is none, so that a stranger cannot see which."""
    points = ContactPoint.objects.filter(account=key_of(account), kind="email", confirmed_at__isnull=False)
    to = points.values_list("value", flat=True).first()
    notices.send(
        market=market,
        channel="email",
        to=to,
        template=template,
        language=account.language if account is not None else language,
        context={**context, "signin_url": address_of_page(market, "signin")},
        by=by,
        whose=notices.row_name(account) if account is not None else "",
        urgent=True,
    )


def notify(
    account: Account, template: str, context: dict[str, str | int], *, by: Actor, about: str | None = None
) -> None:
    """Send a service message by e-mail if the address is confirmed, else by SMS if the message has a short form.

    `about` is the key of what the message is about: messages about different things are counted separately.
    """
    address, mobile = account.mailable_address, account.contact("mobile")
    may_be_short = "sms" in catalogue()[template].channels
    to = address or (mobile.value if mobile and may_be_short else None)
    if to is None or not may_notify(account, template, by=by, about=about):
        return
    notices.send(
        market=account.market,
        channel="email" if address else "sms",
        to=to,
        template=template,
        language=account.language,
        context={**context},
        by=by,
        whose=notices.row_name(account),
    )


def may_notify(account: Account, template: str, *, by: Actor, about: str | None = None) -> bool:
    """Whether one more message of this kind, about this, may go to the member today; counts it.

    Each kind has its own limit, so nobody can hide an attack behind many messages of another kind. Only the first
    message that is held back records an event.
    """
    counted = ":".join([str(account.pk), template, *([about] if about else [])])
    count = count_uses([(NOTICES, counted)], market=account.market)[0].count
    if count == NOTICES.most + 1:
        record(AccountEvent.ACCOUNT_NOTICES_HELD_BACK, market=account.market, by=by, subject=account, template=template)
    return count <= NOTICES.most


def may_recover(account: Account | None, template: str, *, device: int | None, market: str, by: Actor) -> bool:
    """Whether recovery may mail the account once more today. A known device has its own limit, apart from strangers.

    Requests without an account are also counted, so that a stranger cannot see whether there is one.
    """
    whose = f"account:{account.pk}" if account is not None else f"nobody:{by.address}"
    try:
        spend(RECOVERY_MAILS, f"{template}:{whose}:{device or 'unknown'}", market=market)
    except LimitReached:
        return False
    return True
