"""Transliterates Serbian from Latin to Cyrillic letters.

We use it only in this direction and only for our own texts. People's names and numbers stay as they are on file.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

# Languages that are another one in other letters: what a market, a brand or a translator wrote in the second
# serves the first too.
WRITTEN_FROM: Final = {"sr-cyrl": "sr-latn"}

_LETTERS: Final = dict(zip("abcčćdđefghijklmnoprsštuvzž", "абцчћдђефгхијклмнопрсштувзж", strict=True))
_DIGRAPHS: Final = {"lj": "љ", "nj": "њ", "dž": "џ"}

# At the end of a prefix or foreign root, two letters that look like a digraph are two separate sounds.
_STEMS: Final = (
    *("in|jek", "in|jic", "in|junk", "kon|jug", "kon|junk", "tan|jug", "van|jezi", "van|jugoslov"),
    *("nad|ždrel", "nad|živ", "nad|žnj", "nad|župan", "od|žal", "od|živ", "od|žvak", "od|žubor"),
    *("pod|žanr", "pod|ždrel", "pod|žup", "pred|žetv", "pred|živ"),
)

# Not Serbian: codes, brands and names that are written in Latin letters in both scripts.
_FOREIGN: Final = (
    *("Email", "E-mailovi", "e-mail", "SMS", "PDF", "CSV", "JSON", "HTML", "API", "HR", "PIN", "QR", "IP", "ID"),
    *("IBAN", "JPEG", "PNG", "WebP", "HEIC"),
    *("Chrome", "Edge", "Safari", "Opera", "Android", "iOS", "iPhone", "iPad", "Apple", "Google"),
    *("Wi-Fi", "UTF-8", "MB", "KB"),
    *("spouse", "child", "parent", "other"),
)
_KEPT: Final = (
    r"https?://\S+",
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    r"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b",  # names of hosts and files
    r"%(?:\(\w+\))?[#0\-+]?\d*(?:\.\d+)?[a-zA-Z]",
    r"\{\w*\}",
    r"\{\{.*?\}\}",
    r"<[^<>]*>",
    r"&#?\w+;",
    r"`[^`]*`",
    r"\]\([^)]*\)",  # the target of a Markdown link
    r"\b[A-Z]{1,6}-\d[\w-]*",  # a number of a policy
    r"\b(?!VI\b)[IVX]{2,}\b",  # a Roman number, but not the polite "you"
    r"\b\w*[qwxyQWXY0-9]\w*\b",
)


def to_cyrillic(text: str, *, keep: Iterable[str] = ()) -> str:
    """Convert the text to Cyrillic letters. `keep` are words that stay as they are, such as an insurer's name.

    URLs, placeholders, HTML tags and entities, code and foreign words (see `_FOREIGN`) stay too. The text may be plain
    text, HTML or Markdown.
    """
    return _pattern(tuple(keep)).sub(_written, text)


@cache
def _pattern(keep: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted({*keep, *_FOREIGN} - {""}, reverse=True))
    stems = "|".join(stem.replace("|", "") for stem in _STEMS)
    kept = "|".join((words, *_KEPT))
    return re.compile(rf"(?P<kept>{kept})|\b(?P<stem>(?i:{stems}))|(?P<sound>(?i:lj|nj|dž|[a-zčćđšž]))")


def _written(found: re.Match[str]) -> str:
    if found["kept"]:
        return found[0]
    if found["stem"]:
        end = next(stem for stem in _STEMS if stem.replace("|", "") == found[0].lower()).index("|")
        return _sounds(found[0][:end]) + _sounds(found[0][end:])
    return _sound(found[0])


def _sounds(text: str) -> str:
    """Convert a part of a word that contains no exception."""
    return "".join(_sound(sound) for sound in re.findall("(?i:lj|nj|dž|.)", text))


def _sound(sound: str) -> str:
    letter = _DIGRAPHS.get(sound.lower()) or _LETTERS.get(sound.lower(), sound)
    return letter.upper() if sound[0].isupper() else letter
