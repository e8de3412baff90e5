"""Who does something, and from where."""

from dataclasses import dataclass, replace
from typing import Literal, Self

type ActorKind = Literal["stranger", "member", "staff", "partner", "system"]


@dataclass(frozen=True)
class Actor:
    """Who acts: `id` is the key of an account, a member of staff or a partner's token, never a name.

    `address` is an IP, `client` a user agent.
    """

    kind: ActorKind
    id: str = ""
    address: str = ""
    client: str = ""

    def as_member(self, account_id: int) -> Self:
        """The same person, now known as the holder of an account."""
        return replace(self, kind="member", id=str(account_id))


SYSTEM = Actor("system")
