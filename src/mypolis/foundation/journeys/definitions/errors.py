"""What can go wrong with a journey, as facts. The two doors turn them into pages and problem documents."""

from typing import Literal

from mypolis.foundation.journeys.definitions.answers import FieldError
from mypolis.foundation.journeys.definitions.steps import StepForm, Walk
from mypolis.foundation.markets.profile import Text


class JourneyError(Exception):
    """Any refusal of the engine."""


class UnknownJourney(JourneyError):
    """No such token in this market."""


class UnknownWay(JourneyError):
    """This market has no such journey, or no such way of it; `field` says which of the two."""

    def __init__(self, field: Literal["journey", "way"]) -> None:
        super().__init__(f"unknown {field}")
        self.field = field


class MembersOnly(JourneyError):
    """Only somebody who is signed in may walk this journey."""


class UnknownStep(JourneyError):
    """No step of the journey bears this name. `walk` tells where the person is."""

    def __init__(self, walk: Walk) -> None:
        super().__init__("unknown step")
        self.walk = walk


class Expired(JourneyError):
    """The journey's life is over; start again."""


class Gone(JourneyError):
    """What the journey would start from (a personal link) cannot be used any more, or never could.

    `code` and `message` are for programs. The page says `text`, with a button `label` to another journey, `go_to`.
    """

    def __init__(self, code: str, message: Text, *, text: Text, label: Text, go_to: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message
        self.text, self.label, self.go_to = text, label, go_to


class NotOpen(JourneyError):
    """The step is not the current one, or the journey is finished. `walk` tells where the person is."""

    def __init__(self, walk: Walk) -> None:
        super().__init__("step not open")
        self.walk = walk


class Repeated(JourneyError):
    """This very form was answered already: a refresh, or a double click. Nothing was done."""


class Refused(JourneyError):
    """An answer that does not do; `errors` say what to mend. The engine adds the walk and the filled form."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("refused")
        self.errors = errors
        self.walk: Walk | None = None
        self.form: StepForm | None = None
