"""Delivers the queued messages of tests: renders them as the worker would, and keeps them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.notices.event_kinds import NoticeEvent
from mypolis.foundation.notices.gateways import Email
from mypolis.foundation.notices.models import Message, State
from mypolis.foundation.notices.rendering import parcel_of


@dataclass(frozen=True)
class Letter:
    """A delivered message."""

    to: str
    template: str
    subject: str
    text: str

    @property
    def code(self) -> str:
        """The six-digit code in the message."""
        found = re.search(r"\b\d{6}\b", self.text)
        assert found, "no code in this letter"
        return found[0]

    @property
    def links(self) -> list[str]:
        """The URLs in the message."""
        return re.findall(r"https?://[^\s)>\]]+", self.text)


class Post:
    """All delivered messages, oldest first."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def deliver(self) -> list[Letter]:
        """Deliver what is queued now, and return it."""
        came = []
        for message in sorted(Message.objects.filter(state=State.QUEUED), key=_place_in_the_queue()):
            if message.to is not None:
                parcel = parcel_of(message)
                subject = parcel.subject if isinstance(parcel, Email) else ""
                came.append(Letter(message.to, message.template, subject, parcel.text))
            message.close(State.TAKEN, taken_at=timezone.now(), provider_id="test")
        self.letters += came
        return came

    def to(self, address: str) -> list[Letter]:
        """Deliver, and return the messages for an address, newest first."""
        self.deliver()
        return [letter for letter in reversed(self.letters) if letter.to.casefold() == address.casefold()]

    def code(self, address: str) -> str:
        """Deliver, and return the newest code for an address."""
        return next(letter.code for letter in self.to(address) if letter.template == "code")


def _place_in_the_queue() -> Callable[[Message], int]:
    """The order in which messages were queued, by their events: under a stopped clock they have one `created_at`."""
    events = Event.objects.filter(kind=NoticeEvent.MESSAGE_QUEUED).values_list("subject", "pk")
    places = dict(events)
    return lambda message: places.get(f"notices.message:{message.pk}", 0)
