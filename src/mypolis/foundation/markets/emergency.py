"""Numbers to call in an emergency: which there are in a market, whoever insures people there."""

from dataclasses import dataclass
from typing import Literal, get_args

from mypolis.foundation.lib.opening_hours import OpeningHours
from mypolis.foundation.lib.tel_links import dial_address

type LineKind = Literal["ambulance", "all", "police", "fire", "crisis", "children", "insurer", "roadside"]
type InsuredKind = Literal["health", "travel", "life", "car", "home"]
KINDS: tuple[LineKind, ...] = get_args(LineKind.__value__)


@dataclass(frozen=True, kw_only=True)
class EmergencyLine:
    """A number, as people dial it, and what it is for; "… ext. 8" for an extension. `label` prints itself.

    `crisis` lines are for people who think of suicide, `children` those for the young and their parents, `all` one that
    reaches every service, `roadside` for cars. Without `hours` it is answered day and night, or we do not know.
    """

    kind: LineKind
    phone: str
    label: object
    hours: OpeningHours | None = None

    @property
    def tel(self) -> str:
        """The address of the call."""
        return dial_address(self.phone)
