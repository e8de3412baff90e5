"""A phone number as people write it, as the address that a phone dials."""

import re

_EXTENSION = re.compile(r"\s*(?:ext\.?|доб\.?|lok\.?|,)\s*", re.IGNORECASE)


def dial_address(number: str) -> str:
    """The `tel:` address of a number; an extension is dialled after a pause."""
    digits, *extension = _EXTENSION.split(number, maxsplit=1)
    return f"tel:{','.join([re.sub(r'[^\d+*#]', '', digits), *extension])}"
