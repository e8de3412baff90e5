"""Between the two pages of sign-in: a signed text that says whose password was right. It opens nothing by itself."""

from datetime import timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from mypolis.foundation.staff.models import StaffAccount

HALF_WAY_LIFE = timedelta(minutes=5)
_SALT = "mypolis.staff.half-way"


def half_way_token(account: StaffAccount) -> str:
    """A token for somebody whose password was right. A change of the password voids it."""
    return signing.dumps([account.pk, _print_of(account)], salt=_SALT)


def account_half_way(token: str) -> StaffAccount | None:
    """The open account of a token that is at most five minutes old; else None."""
    try:
        key, print_ = signing.loads(token, salt=_SALT, max_age=HALF_WAY_LIFE)
    except (signing.BadSignature, UnicodeError):
        return None
    account = StaffAccount.objects.filter(pk=key, closed_at=None).select_related("holder").first()
    return account if account is not None and constant_time_compare(_print_of(account), print_) else None


def _print_of(account: StaffAccount) -> str:
    return salted_hmac(_SALT, account.password_hash, algorithm="sha256").hexdigest()
