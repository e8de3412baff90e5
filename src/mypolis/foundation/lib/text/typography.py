"""Typographic rules for texts."""

import re

_ONE_LETTER = re.compile(r"(?<![^\W\d_])([вскуоиаяВСКУОИАЯ]) (?=[«„(\w%])")


def tied(text: str) -> str:
    """Put a no-break space after each one-letter word of a Russian text, so that no line ends with one.

    Changes nothing else. Safe to apply twice.
    """
    return _ONE_LETTER.sub("\\1\N{NO-BREAK SPACE}", text)
