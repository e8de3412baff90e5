"""Recognises what people type into a required cell without a value: zeros, dashes, "n/a", "tidak ada", "нет"."""

import re
from functools import lru_cache

from mypolis.foundation.lib.text.folding import ascii_digits, fold_name

# In English, Serbian, Indonesian and Russian. A text of only these words has no meaning.
_FILLERS = (
    "no not none null nil nan nothing number id yet available applicable assigned given unknown empty blank missing "
    "tba tbd tbc pending employee "
    "ne nema nije nepoznato nepoznat bez broja broj br prazno još dodeljen nula "
    "tidak tdk tak ada belum kosong nihil nomor nomer diketahui karyawan "
    "нет нету не номер номера данных указано указан присвоен имеется отсутствует прочерк неизвестно пусто без "
    "табельного табельный net netu нема није"
)
_WORDS = frozenset(fold_name(word, script="serbian") for word in _FILLERS.split())
# Abbreviations, without the characters between their letters: n/a, n/p, н/д, б/н.
_ABBREVIATIONS = frozenset({"na", "np", "nd", "bn"})
_DIGIT = re.compile("[1-9]")
_WORD = re.compile(r"[^\W_]+")


def is_placeholder_number(text: str) -> bool:
    """Whether a cell contains no number: it is empty, or has only punctuation, zeros, x's or placeholder words."""
    text = ascii_digits(text)
    return not _DIGIT.search(text) and _says_nothing(text)


@lru_cache(maxsize=1_000)
def _says_nothing(text: str) -> bool:
    words = _WORD.findall(fold_name(text.replace("№", " "), script="serbian"))
    joined = "".join(words)
    if not joined.strip("0") or joined in _ABBREVIATIONS or (len(joined) > 1 and set(joined) in ({"x"}, {"h"})):
        return True
    return all(not word.strip("0") or word in _WORDS for word in words)
