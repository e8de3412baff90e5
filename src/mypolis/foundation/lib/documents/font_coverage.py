"""Makes text drawable: characters that no font has become a visible box, so that no name prevents a document.

Text is checked by clusters: a letter with its combining marks, or an emoji of several characters joined by U+200D.
"""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

BOX = "□"

_JOINER = "\u200d"
# These change the order in which the text around them is shown, and draw nothing themselves.
_ORDER_MARKS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
# Latin with Latin Extended-A, and the Cyrillic of our languages: our own font has all of it (a test checks this).
_PLAIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x400, 0x460), 0x9, 0xA)))


def drawable(value: Any, can_draw: Callable[[str], bool]) -> Any:
    """Make every text in `value` (JSON data) drawable. `can_draw` says whether a font has a cluster."""
    if isinstance(value, str):
        return _text(value, can_draw)
    if isinstance(value, dict):
        return {key: drawable(one, can_draw) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [drawable(one, can_draw) for one in value]
    return value


def is_plain(cluster: str) -> bool:
    """Whether our own font certainly has the cluster."""
    return _PLAIN.issuperset(cluster)


def _text(text: str, can_draw: Callable[[str], bool]) -> str:
    if is_plain(text):
        return text
    return "".join(one if is_plain(one) or _is_drawn(one, can_draw) else BOX for one in _clusters(text))


def _is_drawn(cluster: str, can_draw: Callable[[str], bool]) -> bool:
    is_damaged = any(unicodedata.category(char) in ("Cc", "Cs") for char in cluster)
    return not is_damaged and can_draw(cluster)


def _clusters(text: str) -> Iterator[str]:
    cluster = ""
    for char in text.translate(_ORDER_MARKS):
        if cluster and not (_joins(char) or cluster.endswith(_JOINER)):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _joins(char: str) -> bool:
    """Whether it belongs to the character before it: marks, variation selectors, joiners, skin tones."""
    return unicodedata.category(char).startswith("M") or char == _JOINER or "\U0001f3fb" <= char <= "\U0001f3ff"
