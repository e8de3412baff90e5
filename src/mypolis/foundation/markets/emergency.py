"""The emergency numbers of a market. They do not depend on the insurer."""

from dataclasses import dataclass
from typing import Literal, get_args

from mypolis.foundation.lib.opening_hours import OpeningHours
from mypolis.foundation.lib.tel_links import dial_address

type LineKind = Literal["ambulance", "all", "police", "fire", "crisis", "children", "insurer", "roadside"]
type InsuredKind = Literal["health", "travel", "life", "car", "home"]
KINDS: tuple[LineKind, ...] = get_args(LineKind.__value__)


@dataclass(frozen=True, kw_only=True)
class EmergencyLine:
    """A number as people dial it ("… ext. 8" for an extension), and its purpose. `str(label)` is a translated text.

    `crisis` lines are for people who think of suicide, `children` lines for young people and their parents. `all`
    reaches every service; `roadside` is for cars. Without `hours` the line is answered day and night, or the hours are
    unknown.
    """

    kind: LineKind
    phone: str
    label: object
    hours: OpeningHours | None = None

    @property
    def tel(self) -> str:
        """The `tel:` URL of the number."""
        return dial_address(self.phone)
