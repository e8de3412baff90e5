"""Parses JSON from outside; refuses what could be interpreted in two ways."""

import json
from typing import Any, NoReturn


def read_object(body: bytes | str) -> dict[str, Any]:
    """Parse the JSON object in a body. Raises ValueError for anything else and for values that we cannot store.

    It refuses encodings other than UTF-8, arrays and single values, duplicate names, NaN and Infinity, nesting that is
    too deep for Python, numbers with thousands of digits, NUL and lone surrogates.
    """
    text = body.decode() if isinstance(body, bytes) else body
    try:
        found = json.loads(text, parse_constant=_refuse, object_pairs_hook=_once_each)
        written = json.dumps(found, ensure_ascii=False, allow_nan=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    written.encode()  # a lone surrogate cannot be encoded
    if "\\u0000" in written:
        raise ValueError("contains a NUL")
    if not isinstance(found, dict):
        raise ValueError("is not an object")
    return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found
