"""Redaction of logs: masks everything that looks like personal data or a secret, in every value."""

import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from structlog.typing import EventDict

MASK = "[…]"

_LONGEST = 2_000
_DEEPEST = 8
_MOST_ITEMS = 100

# The values of these names are always masked: a six-digit code, for example, looks like any other number.
_SECRET_NAMES = frozenset(
    {
        "address",
        "answers",
        "authorization",
        "birth_date",
        "body",
        "client",
        "context",
        "cookie",
        "cookies",
        "data",
        "email",
        "form",
        "given_name",
        "ip",
        "mobile",
        "name",
        "national_id",
        "params",
        "participant_number",
        "password",
        "patronymic",
        "payload",
        "phone",
        "policy_number",
        "post",
        "query",
        "query_string",
        "secret",
        "sql",
        "surname",
        "to",
        "token",
        "url",
        "user_agent",
        "username",
    }
)
# These values come only from code: file names, line numbers, function and class names.
_CODE_NAMES = frozenset({"frames", "logger", "exc_type", "request_id"})

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_LOOKS_PERSONAL = re.compile(
    rf"""
      (?P<uuid>\b{_UUID}\b)                                # names a row and nobody outside
    | (?P<query>\?[\w.%~+-]+=[^\s"'<>]*)
    | [^\s@"'<>(),;]{{1,64}}@[^\s@"'<>(),;]{{1,255}}       # an e-mail address, or the login in a URL
    | (?P<run>[A-Za-z0-9_-]{{22,}})                        # a token, or a long name in the code
    | \b[a-z0-9]{{4}}(?:-[a-z0-9]{{4}}){{3}}\b             # a temporary password
    | \+?\d(?:[\s()./-]{{0,2}}\d){{8,}}                     # a phone number or national id, any script
    """,
    re.VERBOSE,
)
# Names in code nearly always have these forms; random tokens have them about once in 100,000.
_NAME_IN_CODE = re.compile(r"[a-z_-]+|[A-Z_-]+|_*(?:[A-Z]{1,4}[a-z]{2,}){2,}")
_QUOTED = re.compile(r"""(["'«“„]).*?(["'»”])""")
_QUOTED_NAME_IN_CODE = re.compile(r"[a-z][a-z0-9]*(?:[._][a-z0-9_.]+)+|(?:[A-Z][a-z]+){2,}|[a-z]{1,8}")


def redact(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Structlog processor: mask what looks personal or secret in every value of a log line."""
    return {name: _named(name, value, 0) for name, value in line.items()}


def mask_text(text: str) -> str:
    """Mask addresses, phone numbers, ids, tokens and query strings. Returns at most 2,000 characters."""
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return _LOOKS_PERSONAL.sub(_judge, cut)


def mask_message(text: str) -> str:
    """Return the part of an exception's message that may be logged: the first line without quoted values.

    Further lines of a database error may contain the row.
    """
    first = text.strip().partition("\n")[0]
    return mask_text(_QUOTED.sub(_judge_quoted, first))


def _judge(found: re.Match[str]) -> str:
    if found["uuid"] or (found["run"] and _NAME_IN_CODE.fullmatch(found["run"])):
        return found[0]
    return f"?{MASK}" if found["query"] else MASK


def _judge_quoted(found: re.Match[str]) -> str:
    inner = found[0][1:-1]
    return found[0] if _QUOTED_NAME_IN_CODE.fullmatch(inner) else f"{found[1]}{MASK}{found[2]}"


def _named(name: str, value: Any, depth: int) -> Any:
    if name in _CODE_NAMES or name.startswith("_"):
        return value
    if name in {"exc_value", "exc_notes"}:
        return mask_message(value) if isinstance(value, str) else [mask_message(str(note)) for note in value]
    if name.lower() in _SECRET_NAMES and value is not None:
        return MASK
    return _masked(value, depth)


def _masked(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | float | logging.LogRecord):
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**9 else MASK
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str | UUID):
        return mask_text(str(value))
    return _masked_items(value, depth + 1)


def _masked_items(value: Any, depth: int) -> Any:
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {mask_text(str(name)): _named(str(name), item, depth) for name, item in value.items()}
    if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [_masked(item, depth) for item in list(value)[:_MOST_ITEMS]]
    # A date may be a birthday, bytes may contain anything, and the repr of an object may contain personal data.
    return f"<{type(value).__name__}>"
