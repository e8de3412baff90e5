"""Converts a phone number to a `tel:` URL."""

import re

_EXTENSION = re.compile(r"\s*(?:ext\.?|доб\.?|lok\.?|,)\s*", re.IGNORECASE)


def dial_address(number: str) -> str:
    """Return the `tel:` URL of a number. An extension is dialled after a pause."""
    digits, *extension = _EXTENSION.split(number, maxsplit=1)
    return f"tel:{','.join([re.sub(r'[^\d+*#]', '', digits), *extension])}"
