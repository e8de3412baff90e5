"""The messages that this room sends; their texts are in `templates/notices/`."""

from mypolis.foundation.notices.catalogue import BOTH, Template, Value

_FAMILY = "https://portal.example/rs/family/"

_LINK = "https://portal.example/rs/claim-consent/h7kq-2mzp-x4da-w9tb"
_ANSWER: dict[str, Value] = {"person": "Luka", "url": f"{_FAMILY}claims/"}
_OFFER: dict[str, Value] = {"giver": "Mira", "days": 7, "url": f"{_FAMILY}mandates/7/"}
_BOTH: dict[str, Value] = {"giver": "Mira", "proxy": "Luka", "url": _FAMILY}

MESSAGES = (
    Template("mandate-offered", _OFFER),
    Template("mandate-begun", _BOTH),
    Template("mandate-ended", _BOTH),
    Template("claims-mandate-offered", _OFFER),
    Template("claims-mandate-begun", _BOTH),
    Template("claims-mandate-ended", _BOTH),
    Template("claim-consent-asked", {"asker": "Mira", "days": 14, "url": _LINK}, channels=BOTH),
    Template("claim-consent-given", _ANSWER),
    Template("claim-consent-declined", _ANSWER),
    Template("claim-consent-ended", _ANSWER),
    Template("child-of-age", {"child": "Luka", "age": 18, "day": "2026-12-24", "url": _FAMILY}),
    Template("of-age", {"age": 18, "day": "2026-12-24", "url": _FAMILY}),
)
