"""The messages that this room sends; their texts are in `templates/notices/`."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.notices.catalogue import BOTH, Template

MESSAGES = (
    Template(
        "bank-account-added",
        {"last": "1234", "url": "https://portal.example/rs/bank-accounts/"},
        BOTH,
        title=_("Bank account added"),
    ),
)
