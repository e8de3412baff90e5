"""The errors of the engine. Views turn them into pages, the API into problem documents."""

from typing import Literal

from mypolis.foundation.journeys.definitions.answers import FieldError
from mypolis.foundation.journeys.definitions.steps import StepForm, Walk
from mypolis.foundation.markets.profile import Text


class JourneyError(Exception):
    """The base class of all errors of the engine."""


class UnknownJourney(JourneyError):
    """The market has no journey with this token."""


class UnknownWay(JourneyError):
    """The market has no such kind of journey, or the kind has no such way; `field` says which."""

    def __init__(self, field: Literal["journey", "way"]) -> None:
        super().__init__(f"unknown {field}")
        self.field = field


class MembersOnly(JourneyError):
    """Only a signed-in member may do this journey."""


class UnknownStep(JourneyError):
    """No step of the journey has this name. `walk` contains the current step."""

    def __init__(self, walk: Walk) -> None:
        super().__init__("unknown step")
        self.walk = walk


class Expired(JourneyError):
    """The journey has expired. The person must start again."""


class Gone(JourneyError):
    """The personal link from which the journey would start is used, void or unknown.

    `code` and `message` are for programs. The page shows `text`, and a button `label` to the journey `go_to`.
    """

    def __init__(self, code: str, message: Text, *, text: Text, label: Text, go_to: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message
        self.text, self.label, self.go_to = text, label, go_to


class Closed(JourneyError):
    """No new journey of this kind may begin for now; `message` says what to do instead."""

    def __init__(self, message: Text) -> None:
        super().__init__("closed")
        self.message = message


class NotOpen(JourneyError):
    """The step is not the current one, or the journey is finished. `walk` contains the current step."""

    def __init__(self, walk: Walk) -> None:
        super().__init__("step not open")
        self.walk = walk


class Repeated(JourneyError):
    """The same form was sent before, by a refresh or a double click. Nothing was done."""


class Refused(JourneyError):
    """An answer was refused; `errors` say what to correct. The engine adds the walk and the filled form."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("refused")
        self.errors = errors
        self.walk: Walk | None = None
        self.form: StepForm | None = None
