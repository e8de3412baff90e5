"""Who does something, and from where."""

from dataclasses import dataclass, replace
from typing import Literal, Self

type ActorKind = Literal["stranger", "member", "staff", "system"]


@dataclass(frozen=True)
class Actor:
    """Who acts: `id` is an account's or a staff member's key, never a name; `address` an IP, `client` a user agent."""

    kind: ActorKind
    id: str = ""
    address: str = ""
    client: str = ""

    def as_member(self, account_id: int) -> Self:
        """The same person, now known as the holder of an account."""
        return replace(self, kind="member", id=str(account_id))


SYSTEM = Actor("system")
