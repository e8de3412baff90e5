"""The messages that this room sends; their texts are in `templates/notices/`. They name no illness, provider or sum."""

from mypolis.foundation.notices.catalogue import BOTH, Template

_URL = "https://portal.example/id/guarantees/7/"

MESSAGES = (
    Template("guarantee-asked", {"number": "G-2026-00012345", "url": _URL}, channels=BOTH),
    Template("guarantee-news", {"number": "G-2026-00012345", "headline": "Given", "url": _URL}, channels=BOTH),
)
