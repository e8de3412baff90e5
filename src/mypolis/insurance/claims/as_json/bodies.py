"""The JSON shapes that members send about claims. Unknown members are refused."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field, create_model

from mypolis.foundation.journeys.schemas import Strict

MOST_FILES = 50
_DAY = Field(None, max_length=10, description="YYYY-MM-DD", examples=["2026-11-20"])

type Count = Annotated[int, Field(strict=True, ge=1, le=10_000)]


class _Start(Strict):
    """A new draft: for which membership, as `GET …/family/claimable` lists them, and for which benefit of its plan."""

    benefit: str = Field("", max_length=40, examples=["gp"])


if TYPE_CHECKING:

    class Start(_Start):
        """A new draft."""

        membership: str
else:  # "for" is no name in Python
    _FOR = Field(alias="for", max_length=20, examples=["7"])
    Start = create_model("StartClaim", __base__=_Start, __doc__=_Start.__doc__, membership=(str, _FOR))


class LineChange(Strict):
    """A bill of a draft. Leave `id` out for a new one. What only we decide can be sent back, but only as null."""

    id: UUID | None = None
    date: str | None = _DAY
    until: str | None = _DAY
    benefit: str = Field("", max_length=40)
    text: str = Field("", max_length=1_000)
    number: str = Field("", max_length=1_000)
    count: Count = 1
    same_case_as: UUID | None = Field(None, description="An earlier claim of the same hospital stay or pregnancy.")
    amount: str | None = Field(
        None, max_length=40, description="At most two decimals, after a point.", examples=["150000.00"]
    )
    currency: str | None = Field(None, max_length=3, examples=["IDR"])
    in_network: None = None
    granted: None = None
    own_share: None = None
    reasons: None = None


class ChangeClaim(Strict):
    """Fields of a draft to save. Those that are left out stay as they are; `lines` replaces all lines."""

    benefit: str = Field("", max_length=40)
    treated_on: str | None = _DAY
    until: str | None = _DAY
    provider: str = Field("", max_length=10_000)
    diagnosis: str = Field("", max_length=10_000)
    details: dict[str, str | None] = Field({}, description="Fields that are `in_details`, by name.")
    lines: list[LineChange] = Field([], max_length=200)
    pay_to: UUID | None = Field(None, description="The id of a saved bank account.")


class AppealClaim(Strict):
    """Why somebody should look again. `files` are files of the claim that were uploaded for this."""

    text: str = Field(max_length=10_000)
    files: list[UUID] = Field([], max_length=MOST_FILES)


class AnswerRequest(Strict):
    """An answer to one question: words, files of the claim that were uploaded for it, or both.

    With `cannot`, the member cannot get what we asked for, and `text` says why.
    """

    request: UUID
    text: str = Field("", max_length=10_000)
    files: list[UUID] = Field([], max_length=MOST_FILES)
    cannot: bool = False


class PayTo(Strict):
    """The saved bank account to which a payment that came back is made again."""

    pay_to: UUID


class AnswerAboutBill(Strict):
    """Whether the treatment that a clinic billed took place, for the member or their child, and words about it."""

    is_mine: Annotated[bool, Field(strict=True)]
    text: str = Field("", max_length=10_000)
