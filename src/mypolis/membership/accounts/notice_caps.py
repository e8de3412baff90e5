"""How many messages of a kind an account gets in a day: whoever makes us send them cannot fill a member's mailbox."""

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.events.kinds import Kind
from mypolis.foundation.guards.flows import LimitReached, count_use, spend
from mypolis.foundation.guards.limits import NOTICES, RECOVERY_MAILS
from mypolis.membership.accounts.models import Account


def may_tell(account: Account, template: str, *, by: Actor) -> bool:
    """Whether one more message of this kind may go to the member today; counts it.

    Each kind counts apart, and the first ones of a day always go out: nobody hides an attack behind many messages of
    another kind. The first one held back leaves an event, the rest none.
    """
    count, _until = count_use(NOTICES, f"{account.pk}:{template}", market=account.market)
    if count == NOTICES.most + 1:
        record(Kind.ACCOUNT_NOTICES_HELD_BACK, market=account.market, by=by, subject=account, template=template)
    return count <= NOTICES.most


def may_recover(account: Account | None, template: str, *, device: int | None, market: str, by: Actor) -> bool:
    """Whether recovery may mail the account once more today; a known device counts apart from strangers.

    Nobody's are counted too: a stranger must not see whether there is an account.
    """
    whose = f"account:{account.pk}" if account is not None else f"nobody:{by.address}"
    try:
        spend(RECOVERY_MAILS, f"{template}:{whose}:{device or 'unknown'}", market=market)
    except LimitReached:
        return False
    return True
