"""The messages that this room sends; their texts are in `templates/notices/`."""

from mypolis.foundation.notices.catalogue import Template, Value

_FAMILY = "https://portal.example/rs/family/"

_OFFER: dict[str, Value] = {"giver": "Mira", "days": 7, "url": f"{_FAMILY}mandates/7/"}
_BOTH: dict[str, Value] = {"giver": "Mira", "proxy": "Luka", "url": _FAMILY}

MESSAGES = (
    Template("mandate-offered", _OFFER),
    Template("mandate-begun", _BOTH),
    Template("mandate-ended", _BOTH),
    Template("claims-mandate-offered", _OFFER),
    Template("claims-mandate-begun", _BOTH),
    Template("claims-mandate-ended", _BOTH),
    Template("child-of-age", {"child": "Luka", "age": 18, "day": "2026-12-24", "url": _FAMILY}),
    Template("of-age", {"age": 18, "day": "2026-12-24", "url": _FAMILY}),
)
