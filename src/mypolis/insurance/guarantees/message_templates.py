"""The messages that this room sends; their texts are in `templates/notices/`. They name no illness, provider or sum."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.notices.catalogue import BOTH, Template

_URL = "https://portal.example/id/guarantees/7/"

MESSAGES = (
    Template(
        "guarantee-asked", {"number": "G-2026-00012345", "url": _URL}, channels=BOTH, title=_("Guarantee asked for")
    ),
    Template(
        "guarantee-news",
        {"number": "G-2026-00012345", "headline": "Given", "url": _URL},
        channels=BOTH,
        title=_("News about a guarantee"),
    ),
)
