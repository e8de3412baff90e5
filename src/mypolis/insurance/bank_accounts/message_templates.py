"""The messages that this room sends; their texts are in `templates/notices/`."""

from mypolis.foundation.notices.catalogue import BOTH, Template

MESSAGES = (
    Template(
        "bank-account-added",
        {"last": "1234", "url": "https://portal.example/rs/bank-accounts/"},
        BOTH,
    ),
)
