"""Every message that the product sends: its channels, and a sample of what it is filled with.

The keys of a sample are exactly the keys that `send` demands; `mypolis check` renders each sample in every
language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mypolis.markets.profile import Channel

type Value = str | int

_SIGNIN = "https://portal.example/rs/signin/"
_LINK = "https://portal.example/rs/i/3q2-7wAAAAAAAAAAAAAAAAAAAAA"


@dataclass(frozen=True)
class Template:
    """A message: `notices/<name>.md` is its e-mail, `notices/<name>.sms.txt` its SMS."""

    name: str
    sample: Mapping[str, Value] = field(default_factory=dict)
    channels: frozenset[Channel] = frozenset({"email"})


_BOTH: frozenset[Channel] = frozenset({"email", "sms"})

CATALOGUE: dict[str, Template] = {
    template.name: template
    for template in (
        Template("code", {"code": "482915", "minutes": 5, "purpose": "register"}, _BOTH),
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
        Template("username", {"username": "melati47", "signin_url": _SIGNIN}),
        Template("username-issued", {"username": "melati47", "signin_url": _SIGNIN}),
        Template("password-changed", {}, _BOTH),
        Template("new-device", {"when": "2026-11-20T12:00:00+00:00", "client": "Firefox, Android"}, _BOTH),
        Template("contact-changed", {}, _BOTH),
    )
}
