"""The messages that this room sends; their texts are in `templates/notices/`."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.notices.catalogue import BOTH, Template, Value

_FAMILY = "https://portal.example/rs/family/"

_LINK = "https://portal.example/rs/claim-consent/h7kq-2mzp-x4da-w9tb"
_ANSWER: dict[str, Value] = {"person": "Luka", "url": f"{_FAMILY}claims/"}
_OFFER: dict[str, Value] = {"giver": "Mira", "days": 7, "url": f"{_FAMILY}mandates/7/"}
_BOTH: dict[str, Value] = {"giver": "Mira", "proxy": "Luka", "url": _FAMILY}

MESSAGES = (
    Template("mandate-offered", _OFFER, title=_("Offer to see a cover")),
    Template("mandate-begun", _BOTH, title=_("A cover may be seen from now on")),
    Template("mandate-ended", _BOTH, title=_("A cover may no longer be seen")),
    Template("claims-mandate-offered", _OFFER, title=_("Offer to claim for somebody")),
    Template("claims-mandate-begun", _BOTH, title=_("Claiming for somebody begins")),
    Template("claims-mandate-ended", _BOTH, title=_("Claiming for somebody has ended")),
    Template(
        "claim-consent-asked",
        {"asker": "Mira", "days": 14, "url": _LINK},
        channels=BOTH,
        title=_("Consent to a claim asked for"),
    ),
    Template("claim-consent-given", _ANSWER, title=_("Consent to a claim given")),
    Template("claim-consent-declined", _ANSWER, title=_("Consent to a claim declined")),
    Template("claim-consent-ended", _ANSWER, title=_("Consent to a claim ended")),
    Template(
        "child-of-age",
        {"child": "Luka", "age": 18, "day": "2026-12-24", "url": _FAMILY},
        title=_("A child comes of age"),
    ),
    Template("of-age", {"age": 18, "day": "2026-12-24", "url": _FAMILY}, title=_("The person comes of age")),
)
