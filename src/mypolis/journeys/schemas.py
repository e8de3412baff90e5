"""The shapes of the journeys' JSON, for reading bodies and for the OpenAPI document."""

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

_TOKEN_LENGTH = 200


class Strict(Schema):
    """A body with no other members than these."""

    model_config = ConfigDict(extra="forbid")


class Start(Strict):
    """What a journey starts with: `invitation` is a personal link's token, `device` one that a sign-in gave."""

    journey: str = Field(max_length=40)
    way: str = Field("", max_length=40)
    invitation: str | None = Field(None, max_length=_TOKEN_LENGTH)
    device: str | None = Field(None, max_length=_TOKEN_LENGTH)


class Reply(Strict):
    """The answer to one step: values by field name."""

    step: str = Field(max_length=40)
    answers: dict[str, Any] = {}


class Back(Strict):
    """The step to open again."""

    to: str = Field(max_length=40)


class FieldDoc(Schema):
    """One field of a step."""

    name: str
    type: str
    label: str
    help: str
    required: bool
    read_only: bool
    pattern: str | None
    autocomplete: str | None
    max_length: int | None
    choices: list[dict[str, Any]] | None
    document: str | None
    value: Any


class StepDoc(Schema):
    """The current step; `channel` and what follows it stand only where a code was sent."""

    name: str
    title: str
    help: str
    button: str
    fields: list[FieldDoc]
    channel: Literal["sms", "email"] | None = None
    resend_after: int | None = None
    attempts_left: int | None = None
    expires_at: datetime | None = None
    shows: dict[str, Any] | None = None


class JourneyDoc(Schema):
    """Where a journey stands."""

    token: str
    journey: str
    way: str
    market: str
    state: Literal["open", "done", "expired"]
    expires_at: datetime
    step: StepDoc | None
    path: list[str]
    result: dict[str, Any] | None
    title: str | None = None
    text: str | None = None
    shows: dict[str, Any] | None = None


class ErrorDoc(Schema):
    """One thing to mend; `field` is empty for the whole."""

    field: str
    code: str
    message: str


class ProblemDoc(Schema):
    """RFC 9457: what went wrong, with the journey as it stands where there is one."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ErrorDoc] = []
    journey: JourneyDoc | None = None
