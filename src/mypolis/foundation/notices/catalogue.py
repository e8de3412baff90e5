"""Every message that the product sends: its channels, and a sample of what it is filled with.

The keys of a sample are exactly the keys that `send` demands; `mypolis check` renders each sample in every
language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mypolis.foundation.markets.profile import Channel

type Value = str | int

_SIGNIN = "https://portal.example/rs/signin/"
_FAMILY = "https://portal.example/rs/family/"
_LINK = "https://portal.example/rs/i/3q2-7wAAAAAAAAAAAAAAAAAAAAA"


@dataclass(frozen=True)
class Template:
    """A message: `notices/<name>.md` is its e-mail, `notices/<name>.sms.txt` its SMS.

    `harmless_twice`: arriving twice does no harm, and not arriving leaves a person standing.
    """

    name: str
    sample: Mapping[str, Value] = field(default_factory=dict)
    channels: frozenset[Channel] = frozenset({"email"})
    harmless_twice: bool = False


_BOTH: frozenset[Channel] = frozenset({"email", "sms"})

CATALOGUE: dict[str, Template] = {
    template.name: template
    for template in (
        Template("code", {"code": "482915", "minutes": 5, "purpose": "register"}, _BOTH, harmless_twice=True),
        Template("account-created", {"given_name": "Mira", "signin_url": _SIGNIN}),
        Template("account-exists", {"signin_url": _SIGNIN, "recover_url": "https://portal.example/rs/recover/"}),
        Template("temporary-password", {"password": "mufin-5-Tarok", "minutes": 15, "signin_url": _SIGNIN}),
        Template(
            "invitation",
            {
                "name": "Анна Сергеевна",
                "policy_number": "ДМС-204/7",
                "url": _LINK,
                "days": 14,
                "employer": "ООО «Ромашка»",
            },
        ),
        Template("confirm-email", {"name": "Анна Сергеевна", "url": _LINK}),
        Template("username-made", {"username": "melati47", "signin_url": _SIGNIN}),
        Template("username", {"username": "melati47", "signin_url": _SIGNIN}),
        Template("username-issued", {"username": "melati47", "signin_url": _SIGNIN}),
        Template("password-changed", {}, _BOTH),
        Template("new-device", {"when": "2026-11-20T12:00:00+00:00", "client": "Firefox, Android"}, _BOTH),
        Template("contact-changed", {}, _BOTH),
        Template("authenticator-linked", {}, _BOTH),
        Template("authenticator-unlinked", {}, _BOTH),
        Template("card-reissued", {"card_url": "https://portal.example/rs/card/"}, _BOTH),
        Template("mandate-offered", {"giver": "Mira", "days": 7, "url": f"{_FAMILY}mandates/7/"}),
        Template("mandate-begun", {"giver": "Mira", "proxy": "Luka", "url": _FAMILY}),
        Template("mandate-ended", {"giver": "Mira", "proxy": "Luka", "url": _FAMILY}),
        Template("child-of-age", {"child": "Luka", "age": 18, "day": "2026-12-24", "url": _FAMILY}),
        Template("of-age", {"age": 18, "day": "2026-12-24", "url": _FAMILY}),
    )
}
