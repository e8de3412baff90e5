"""Serbian in its second script: from Latin letters to Cyrillic ones, the same words letter by letter.

Only this direction is made by rule, and only for texts of our own: names and numbers of people stay as on file.
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

# Where a prefix or a foreign root ends, two letters that look like a digraph are two sounds.
_STEMS: Final = (
    *("in|jek", "in|jic", "in|junk", "kon|jug", "kon|junk", "tan|jug", "van|jezi", "van|jugoslov"),
    *("nad|ždrel", "nad|živ", "nad|žnj", "nad|župan", "od|žal", "od|živ", "od|žvak", "od|žubor"),
    *("pod|žanr", "pod|ždrel", "pod|žup", "pred|žetv", "pred|živ"),
)

# What is no Serbian: codes, marks and names that are written in Latin letters in both scripts.
_FOREIGN: Final = (
    *("Email", "E-mailovi", "e-mail", "SMS", "PDF", "CSV", "JSON", "HTML", "HR", "PIN", "QR", "IP", "ID", "IBAN"),
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
    r"\]\([^)]*\)",  # where a Markdown link leads
    r"\b[A-Z]{1,6}-\d[\w-]*",  # a number of a policy
    r"\b(?!VI\b)[IVX]{2,}\b",  # a Roman number, but not the polite "you"
    r"\b\w*[qwxyQWXY0-9]\w*\b",
)


def to_cyrillic(text: str, *, keep: Iterable[str] = ()) -> str:
    """The text in Cyrillic letters; `keep` are words that stay as they are, such as an insurer's name.

    Addresses, placeholders, HTML tags and entities, code and whatever is no Serbian word (see `_FOREIGN`) stay
    too. Plain text, HTML and Markdown are all fine.
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
    """A part of a word that holds no exception."""
    return "".join(_sound(sound) for sound in re.findall("(?i:lj|nj|dž|.)", text))


def _sound(sound: str) -> str:
    letter = _DIGRAPHS.get(sound.lower()) or _LETTERS.get(sound.lower(), sound)
    return letter.upper() if sound[0].isupper() else letter
