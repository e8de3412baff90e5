"""Parses the primary key or version of a row in a URL or form."""

_MOST_DIGITS = 18  # always fits into a bigint


def row_number(text: str) -> int:
    """Return the number, or 0, which no row has, if the text is not a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
