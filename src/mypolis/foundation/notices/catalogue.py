"""The definition of a message: its channels, and sample values for its template.

Each room declares its messages in a tuple that its `apps.py` names: `messages = "message_templates.MESSAGES"`. `send`
requires exactly the keys of the sample; `mypolis check` renders each sample in every language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.core.exceptions import ImproperlyConfigured

from mypolis.foundation.markets.profile import Channel
from mypolis.foundation.rooms import Text, declared

type Value = str | int

BOTH: frozenset[Channel] = frozenset({"email", "sms"})


@dataclass(frozen=True)
class Template:
    """A message. In its room, `templates/notices/<name>.md` is its e-mail and `<name>.sms.txt` its SMS.

    `title` says at the desk what it is about.
    `harmless_twice`: receiving it twice does no harm, and without it the person cannot continue.
    """

    name: str
    sample: Mapping[str, Value] = field(default_factory=dict)
    channels: frozenset[Channel] = frozenset({"email"})
    harmless_twice: bool = False
    title: Text = field(default="", compare=False)

    @property
    def label(self) -> str:
        """What the message is about, in the reader's language."""
        return str(self.title) or self.name


@cache
def catalogue() -> dict[str, Template]:
    """Every message that the rooms of this deployment declare, by name. Raises ImproperlyConfigured for a duplicate."""
    found = [template for templates in declared("messages") for template in templates]
    by_name = {template.name: template for template in found}
    if len(by_name) < len(found):
        names = [template.name for template in found]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ImproperlyConfigured(f"two rooms declare the message {', '.join(twice)}")
    return by_name
