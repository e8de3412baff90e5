"""Makes the rows to which factors belong."""

import secrets

from mypolis.foundation.factors.models import Holder


def new_holder(*, door: str) -> Holder:
    """Make a holder for a new account; `door` is "desk" or the code of a market. The account records the event."""
    return Holder.objects.create(door=door, handle=secrets.token_bytes(32))
