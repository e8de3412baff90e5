"""An account as the API and the pages show it."""

from mypolis.foundation.journeys.definitions.answers import Facts
from mypolis.foundation.lib.phones import mask_phone
from mypolis.foundation.lib.text.masking import mask_email
from mypolis.membership.accounts.models import Account


def account_document(account: Account) -> Facts:
    """`{"id","market","username","name","language","email","email_confirmed","email_undeliverable","mobile"}`.

    Contact points are masked.
    """
    email, mobile = account.contact("email"), account.contact("mobile")
    return {
        "id": str(account.pk),
        "market": account.market,
        "username": account.username_or_none,
        "name": account.person.full_name,
        "language": account.language,
        "email": mask_email(email.value) if email else None,
        "email_confirmed": bool(email and email.confirmed_at),
        "email_undeliverable": bool(email and email.undeliverable_since),
        "mobile": mask_phone(mobile.value) if mobile else None,
    }
