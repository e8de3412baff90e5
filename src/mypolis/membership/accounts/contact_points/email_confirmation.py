"""The link that confirms an e-mail address."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.foundation.notices import flows as notices
from mypolis.membership.accounts.contact_points.flows import ContactTaken
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.models import ContactPoint, EmailConfirmation


@transaction.atomic
def ask_to_confirm(*, point: ContactPoint, name: str, by: Actor) -> None:
    """Send the link that confirms an e-mail address. An unconfirmed address gets no other mail."""
    account = point.account
    token = new_token()
    EmailConfirmation.objects.create(
        contact_point=point,
        key=point.key,
        token_hash=hash_token(token),
    )
    notices.send(
        market=account.market,
        channel="email",
        to=point.value,
        template="confirm-email",
        language=account.language,
        context={"name": name, "url": address_of_page(account.market, "e", token)},
        by=by,
        whose=notices.row_name(account),
    )


def find_confirmation(token: str, *, market: str) -> EmailConfirmation | None:
    """The confirmation behind a link of this market, used or not."""
    rows = EmailConfirmation.objects.select_related("contact_point__account")
    return rows.filter(token_hash=hash_token(token), contact_point__market=market).first()


@transaction.atomic
def confirm_email(*, confirmation: EmailConfirmation, by: Actor) -> bool:
    """Confirm the address, once. Returns False when the link is used or expired, or the address was replaced.

    Raises ContactTaken when another account confirmed the same address first.
    """
    now = timezone.now()
    fresh = EmailConfirmation.objects.filter(pk=confirmation.pk, used_at=None).update(used_at=now)
    point = ContactPoint.objects.select_for_update().get(pk=confirmation.contact_point_id)
    if not fresh or point.key != confirmation.key:
        return False
    point.confirmed_at = point.confirmed_at if point.confirmed_at and not point.undeliverable_since else now
    point.undeliverable_since = None
    try:
        with transaction.atomic():
            point.save(update_fields=["confirmed_at", "undeliverable_since"])
    except IntegrityError:
        raise ContactTaken("email") from None
    record(AccountEvent.CONTACT_CONFIRMED, market=point.market, by=by, subject=point)
    return True
