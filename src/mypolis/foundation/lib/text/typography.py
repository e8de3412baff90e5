"""Small rules of setting text for people."""

import re

_ONE_LETTER = re.compile(r"(?<![^\W\d_])([вскуоиаяВСКУОИАЯ]) (?=[«„(\w%])")


def tied(text: str) -> str:
    """Russian text with a no-break space after each one-letter word, so that no line ends with one.

    Changes nothing else; tied text comes back as it is.
    """
    return _ONE_LETTER.sub("\\1\N{NO-BREAK SPACE}", text)
