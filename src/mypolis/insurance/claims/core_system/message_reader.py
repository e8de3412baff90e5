"""Reads a message from a file of an operator, in the form in which partners send it."""

from pydantic import BaseModel, ValidationError

from mypolis.foundation.lib.json_reader import read_object


class UnreadableMessage(ValueError):
    """The text is not such a message in JSON; it says where and why."""


def read_message[Body: BaseModel](kind: type[Body], text: str) -> Body:
    """The message of this kind. Raises UnreadableMessage."""
    try:
        return kind.model_validate(read_object(text))
    except ValidationError as error:
        found = error.errors()[0]
        place = ".".join(str(part) for part in found["loc"])
        raise UnreadableMessage(f"{place}: {found['msg']}") from None
    except ValueError as error:
        raise UnreadableMessage(f"not JSON: {error}") from None
