"""The number of a row, as addresses write it."""

_MOST_DIGITS = 18  # what a bigint surely holds


def row_number(text: str) -> int:
    """The number, or 0, which no row has, for a text that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
