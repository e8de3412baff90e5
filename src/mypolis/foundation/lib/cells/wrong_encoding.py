"""Detects letters that were lost or decoded with the wrong encoding before the file reached us."""

import re
from functools import lru_cache

# UTF-8 decoded with one of these encodings: PetroviÄ‡, РџРµС‚СЂ. The value is how many characters must be too many
# before we call a word misread: with the last two encodings, one can be chance.
_MISREAD_AS = {"cp1252": 1, "cp1250": 1, "cp1254": 1, "cp1251": 2, "mac-roman": 2}
# The first byte of À, Р or Š, before a space that was its second byte (A0).
_BEFORE_A_SPACE = re.compile("(?<=[\xc3ÐĐРÅĹЕĞ√]) ")
# UTF-8 decoded with a DOS encoding, KOI8 (─ç, п÷) or a Mac encoding (ƒ≈√∆), and boxes for letters missing in a font.
_BOXES = re.compile("[\u2500-\u259f\u25a1\u2370]|[ƒ≈√∆][^\\W\\d_]")
# A word of accented letters only is Cyrillic decoded as Western or Central European: Ïåòðîâ, Ďĺňđîâ.
_ONLY_MARKED = re.compile("[\u00c0-\u017f¸¨]{3,}")
# A letter that a narrower encoding could not hold became a question mark: Petrovi?, ?or?evi?
_QUESTION = re.compile(r"\?\?|¿\w|\w¿")
# A letter escaped by a web page or a program: &eacute; &#1055; \u0107
_ESCAPED = re.compile(r"&(#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8});|\\u[0-9a-f]{4}|(%[0-9a-f]{2}){2}", re.IGNORECASE)
# Without any of these characters, `has_lost_letters` cannot match: nearly every cell needs only this one search.
_SUSPECT = re.compile("[?¿&%\\\\ƒ≈√∆\u2370\u2500-\u25a1]")


def has_lost_letters(line: str) -> bool:
    """Whether another character replaced a letter."""
    if not _SUSPECT.search(line):
        return False
    asks = "?" in line and any(map(str.isalnum, line))
    return asks or bool(_QUESTION.search(line) or _ESCAPED.search(line) or _BOXES.search(line))


def is_misread(line: str) -> bool:
    """Whether a word was UTF-8, or Cyrillic, and was decoded with another encoding. Real words hardly ever match."""
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
