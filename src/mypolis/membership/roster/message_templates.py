"""The messages that this room sends; their texts are in `templates/notices/`."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.notices.catalogue import Template

_LINK = "https://portal.example/rs/i/3q2-7wAAAAAAAAAAAAAAAAAAAAA"

MESSAGES = (
    Template(
        "invitation",
        {
            "name": "Анна Сергеевна",
            "policy_number": "ДМС-204/7",
            "url": _LINK,
            "days": 14,
            "employer": "ООО «Ромашка»",
        },
        title=_("Invitation to register"),
    ),
)
