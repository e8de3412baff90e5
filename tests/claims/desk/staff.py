"""The insurer's staff in tests of the desk, until somebody signs in for real: three people with their roles."""

from dataclasses import dataclass
from typing import cast

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Right, Role


@dataclass(frozen=True)
class Colleague:
    """A member of staff with the same roles in every market where they work."""

    pk: int
    name: str
    roles: frozenset[Role]
    markets: frozenset[str] = frozenset({"id"})

    def may(self, right: Right, market: str = "") -> bool:
        """Whether one of their roles has the right in a market."""
        return bool(right.roles & self.roles_in(market))

    def roles_in(self, market: str) -> frozenset[Role]:
        """Their roles."""
        return self.roles if market in self.markets else frozenset()

    @property
    def actor(self) -> Actor:
        """Them as an actor."""
        return Actor("staff", str(self.pk), "127.0.0.1", "test")


def colleague(pk: int, name: str, *roles: str) -> Colleague:
    """A member of staff with these roles."""
    return Colleague(pk, name, frozenset(cast("Role", role) for role in roles))


RINA = colleague(1, "Rina", "assessor")
AGUS = colleague(2, "Agus", "assessor")
MAYA = colleague(3, "Maya", "senior-assessor")
TONO = colleague(4, "Tono", "senior-assessor")
OLGA = colleague(5, "Olga", "auditor")
