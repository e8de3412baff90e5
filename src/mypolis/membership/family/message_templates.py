"""The messages that this room sends; their texts are in `templates/notices/`."""

from mypolis.foundation.notices.catalogue import Template

_FAMILY = "https://portal.example/rs/family/"

MESSAGES = (
    Template("mandate-offered", {"giver": "Mira", "days": 7, "url": f"{_FAMILY}mandates/7/"}),
    Template("mandate-begun", {"giver": "Mira", "proxy": "Luka", "url": _FAMILY}),
    Template("mandate-ended", {"giver": "Mira", "proxy": "Luka", "url": _FAMILY}),
    Template("child-of-age", {"child": "Luka", "age": 18, "day": "2026-12-24", "url": _FAMILY}),
    Template("of-age", {"age": 18, "day": "2026-12-24", "url": _FAMILY}),
)
