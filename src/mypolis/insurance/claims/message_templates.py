"""The messages that this room sends; their texts are in `templates/notices/`. They name no illness, provider or sum."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.notices.catalogue import BOTH, Template

_URL = "https://portal.example/rs/claims/7/"

MESSAGES = (
    Template(
        "claim-sent",
        {
            "number": "C-2026-000123",
            "files": "1. 4,096 bytes, SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "url": _URL,
        },
        title=_("Claim received"),
    ),
    Template(
        "claim-entered",
        {"number": "C-2026-000123", "url": _URL},
        channels=BOTH,
        title=_("Claim entered for you"),
    ),
    Template(
        "claim-news",
        {"number": "C-2026-000123", "headline": "In review", "url": _URL},
        channels=BOTH,
        title=_("News about a claim"),
    ),
    Template(
        "claim-questions",
        {"number": "C-2026-000123", "day": "2026-12-24", "url": _URL},
        channels=BOTH,
        title=_("Questions about a claim"),
    ),
    Template("claim-clinic-bill", {"number": "C-2026-000123", "url": _URL}, channels=BOTH, title=_("Bill of a clinic")),
    Template(
        "claim-draft-ends",
        {"day": "2026-12-24", "url": _URL},
        channels=BOTH,
        title=_("Unfinished claim will be deleted"),
    ),
)
