"""Actors: who does something, and from where."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, Self, cast

type ActorKind = Literal["stranger", "member", "staff", "hr", "partner", "provider", "system"]

# Every kind with its description. The audit trail stores the kind, so never rename one.
ACTOR_KINDS: Mapping[ActorKind, str] = MappingProxyType(
    {
        "stranger": "somebody who has not signed in",
        "member": "a member",
        "staff": "a member of the insurer's staff",
        "hr": "a user at an employer's HR department",
        "partner": "a partner's program",
        "provider": "a provider of care",
        "system": "the portal itself",
    }
)
_KEY = re.compile(r"[^\s:]{1,64}")


class ActorError(ValueError):
    """The text does not name an actor. The message says what is expected."""


@dataclass(frozen=True)
class Actor:
    """Who acts. `id` is the key of an account, a staff or HR user, a provider or a partner's token; never a name.

    `address` is an IP address, `client` a user agent.
    """

    kind: ActorKind
    id: str = ""
    address: str = ""
    client: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse `KIND:KEY`, the format of `str()`. A single word that is not a kind is the key of a staff member.

        A stranger has no key; for the system it is optional. Raises ActorError.
        """
        kind, colon, key = text.partition(":")
        if not colon and kind not in ACTOR_KINDS:
            kind, key = "staff", text
        if kind not in ACTOR_KINDS:
            raise ActorError(f"{kind!r} is not a kind of actor; the kinds are {', '.join(ACTOR_KINDS)}")
        known = cast("ActorKind", kind)
        if known == "stranger" or (known == "system" and not colon):
            if colon:
                raise ActorError("a stranger has no key")
            return cls(known)
        if not _KEY.fullmatch(key) or not key.isprintable():  # an invisible character could imitate another key
            raise ActorError(f"{kind} needs a key of 1 to 64 characters without spaces and colons, as in {kind}:12")
        return cls(known, key)

    def as_member(self, account_id: int) -> Self:
        """Return the same person as the holder of an account."""
        return replace(self, kind="member", id=str(account_id))


SYSTEM = Actor("system")
