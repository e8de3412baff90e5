"""Names of files, as people's devices send them."""

import unicodedata

_LONGEST = 120


def cleaned_name(name: str) -> str:
    """A name that is safe to show: no folders, no control or direction characters, at most 120 characters.

    Keeps the end of a long name, because it tells the type. The result may be empty.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(one if one.isprintable() else " " for one in unicodedata.normalize("NFC", last))
    words = " ".join(visible.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 21]}…{words[-20:]}"
