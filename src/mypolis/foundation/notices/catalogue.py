"""What a message is: its channels, and a sample of what it is filled with.

Each room declares its own in a tuple that its `apps.py` names: `messages = "message_templates.MESSAGES"`. The keys of a
sample are exactly the keys that `send` demands; `mypolis check` renders each sample in every language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from mypolis.foundation.markets.profile import Channel
from mypolis.foundation.rooms import declared

type Value = str | int

BOTH: frozenset[Channel] = frozenset({"email", "sms"})


@dataclass(frozen=True)
class Template:
    """A message: `templates/notices/<name>.md` of its room is its e-mail, `<name>.sms.txt` its SMS.

    `harmless_twice`: arriving twice does no harm, and not arriving leaves a person without a way on.
    """

    name: str
    sample: Mapping[str, Value] = field(default_factory=dict)
    channels: frozenset[Channel] = frozenset({"email"})
    harmless_twice: bool = False


@cache
def catalogue() -> dict[str, Template]:
    """Every message that the rooms of this deployment declare, by name. Raises ValueError where two are alike."""
    found = [template for templates in declared("messages") for template in templates]
    by_name = {template.name: template for template in found}
    if len(by_name) < len(found):
        raise ValueError("two rooms declare a message of the same name")
    return by_name
