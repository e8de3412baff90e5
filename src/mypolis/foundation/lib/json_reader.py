"""JSON from outside, read in one way or not at all."""

import json
from typing import Any, NoReturn


def read_object(body: bytes | str) -> dict[str, Any]:
    """The JSON object in a body. Raises ValueError for anything else, and for what we cannot keep.

    Refused are: another encoding than UTF-8, an array or a bare value, a name that occurs twice, NaN and Infinity,
    nesting beyond what Python can read, numbers of thousands of digits, NUL and half characters (lone surrogates).
    """
    text = body.decode() if isinstance(body, bytes) else body
    try:
        found = json.loads(text, parse_constant=_refuse, object_pairs_hook=_once_each)
        written = json.dumps(found, ensure_ascii=False, allow_nan=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    written.encode()  # half a character cannot be written
    if "\\u0000" in written:
        raise ValueError("holds a NUL")
    if not isinstance(found, dict):
        raise ValueError("is no object")
    return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found
