"""The shapes of the journeys' JSON, for request bodies and for the OpenAPI document."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from mypolis.foundation.journeys.definitions.vocabulary import vocabulary

_TOKEN_LENGTH = 200


class Strict(Schema):
    """A body without further members."""

    model_config = ConfigDict(extra="forbid")


class _Start(Strict):
    """What a journey starts with. `GET /{market}` lists the journeys and their ways; `device` is a sign-in's token."""

    journey: str = Field(max_length=40, examples=[kind.name for kind in vocabulary().journeys])
    way: str = Field("", max_length=40)
    device: str | None = Field(None, max_length=_TOKEN_LENGTH)


if TYPE_CHECKING:
    Start = _Start
else:
    _ENTRIES = {
        name: (str | None, Field(None, max_length=_TOKEN_LENGTH, description=what))
        for name, what in vocabulary().entries.items()
    }
    Start = create_model("Start", __base__=_Start, __doc__=_Start.__doc__, **_ENTRIES)


class Reply(Strict):
    """The answer to one step: values by field name."""

    step: str = Field(max_length=40, examples=list(vocabulary().steps))
    answers: dict[str, Any] = Field({}, examples=[{"code": "123456"}])


class Back(Strict):
    """The step to open again."""

    to: str = Field(max_length=40, examples=list(vocabulary().steps))


class Return(Strict):
    """The query of the URL to which another site sent the person back, with its `state`."""

    query: dict[str, str] = Field(examples=[{"state": "…", "code": "…"}])


class ChoiceDoc(Schema):
    """One choice."""

    value: str
    label: str


class FieldDoc(Schema):
    """One field of a step; `value` is what was typed before, never a secret."""

    name: str
    type: Literal["text", "email", "tel", "date", "password", "boolean", "choice", "captcha"]
    label: str
    help: str
    required: bool
    read_only: bool
    pattern: str | None
    autocomplete: str | None
    max_length: int | None
    choices: list[ChoiceDoc] | None
    document: str | None
    value: str | bool | None


class StepDoc(Schema):
    """The current step; `channel` and the members up to `held_up` are set only if a code was sent.

    `redirect_url` is set for a step at another site, and only in the response to an answer.
    """

    name: str
    title: str
    help: str
    button: str
    fields: list[FieldDoc]
    channel: Literal["sms", "email"] | None = None
    resend_after: int | None = None
    attempts_left: int | None = None
    expires_at: datetime | None = None
    undeliverable: bool | None = None
    app: bool | None = None
    sent: bool | None = None
    locked_until: datetime | None = None
    no_codes_until: datetime | None = None
    held_up: str | None = None
    shows: dict[str, str | None] | None = None
    redirect_url: str | None = None


class AccountDoc(Schema):
    """A member's account; contact points are masked."""

    id: str
    market: str
    username: str | None
    name: str
    language: str
    email: str | None
    email_confirmed: bool
    email_undeliverable: bool
    mobile: str | None


class ResultDoc(TypedDict, total=False):
    """How a journey ended: what comes `next`, or the account. The secrets of a new session are shown only once."""

    next: str
    account: AccountDoc
    access_token: str
    device_token: str


class JourneyDoc(Schema):
    """A journey and its current step."""

    token: str
    journey: str
    way: str
    market: str
    state: Literal["open", "done", "expired"]
    expires_at: datetime
    step: StepDoc | None
    path: list[str]
    result: ResultDoc | None
    title: str | None = None
    text: str | None = None
    shows: dict[str, str] | None = None


class ErrorDoc(Schema):
    """One error; `field` is empty if it concerns the whole answer."""

    field: str
    code: str
    message: str


class ProblemDoc(Schema):
    """RFC 9457: what went wrong, with the journey if there is one."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ErrorDoc] = []
    journey: JourneyDoc | None = None
