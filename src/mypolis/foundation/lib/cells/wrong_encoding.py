"""Detects letters that were lost or decoded with the wrong encoding before the file reached us."""

import re
from functools import lru_cache

# UTF-8 read in one of these: PetroviÄ‡, РџРµС‚СЂ. A chance hit has one letter; real ones have as many as below.
_MISREAD_AS = {"cp1252": 1, "cp1250": 1, "cp1254": 1, "cp1251": 2, "mac-roman": 2}
# The first byte of À, Р or Š, before a space that was the second one (A0).
_BEFORE_A_SPACE = re.compile("(?<=[\xc3ÐĐРÅĹЕĞ√]) ")
# What an encoding of DOS or KOI8 makes of UTF-8 (─ç, п÷), the boxes for letters that a font has not, and ƒ≈√∆ of a Mac.
_BOXES = re.compile("[\u2500-\u259f\u25a1\u2370]|[ƒ≈√∆][^\\W\\d_]")
# A whole word of marked letters is Cyrillic read as Western or Central European: Ïåòðîâ, Ďĺňđîâ.
_ONLY_MARKED = re.compile("[\u00c0-\u017f¸¨]{3,}")
# A letter that a narrower encoding could not hold became a question mark: Petrovi?, ?or?evi?
_QUESTION = re.compile(r"\?\?|¿\w|\w¿")
# A letter as a page or a program writes it: &eacute; &#1055; \u0107
_ESCAPED = re.compile(r"&(#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8});|\\u[0-9a-f]{4}|(%[0-9a-f]{2}){2}", re.IGNORECASE)
# If none of these occurs, none of the patterns above can match: nearly every cell needs only this one search.
_SUSPECT = re.compile("[?¿&%\\\\ƒ≈√∆\u2370\u2500-\u25a1]")


def has_lost_letters(line: str) -> bool:
    """Whether another character replaced a letter."""
    if not _SUSPECT.search(line):
        return False
    asks = "?" in line and any(map(str.isalnum, line))
    return asks or bool(_QUESTION.search(line) or _ESCAPED.search(line) or _BOXES.search(line))


def is_misread(line: str) -> bool:
    """Whether a word's letters, as bytes of another encoding, are UTF-8: chance hardly ever makes it so."""
    if line.isascii():
        return False
    return _is_misread(line) or (" " in line and any(map(_is_misread, _words(line))))


def _words(line: str) -> list[str]:
    return _BEFORE_A_SPACE.sub("\xa0", line).split(" ")


@lru_cache(maxsize=10_000)
def _is_misread(word: str) -> bool:
    if _ONLY_MARKED.fullmatch(word):
        return True
    for encoding, most_by_chance in _MISREAD_AS.items():
        try:
            meant = word.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        is_mixed = encoding == "cp1251" and any(map(str.isascii, filter(str.isalpha, word)))
        if len(word) - len(meant) >= (1 if is_mixed else most_by_chance):
            return True
    return False
