"""Match keys: the same key for different spellings of the same name or number. For comparing, never for showing."""

import re
import unicodedata
from typing import Literal

Script = Literal["cyrillic-ru", "serbian", "latin"]

# Removed before anything else, because NFKC turns some of them (the acute accent) into a space.
_APOSTROPHES = (
    "'`´\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u055a"
    "\u2018\u2019\u201a\u201b\u2032\u2035\ua78c\uff07\uff40"
)
# In addition to Unicode's dashes (category Pd).
_MORE_DASHES = "\u02d7\u2043\u2212\u2796"
# Grapheme joiner and variation selectors: invisible, but not of category Cf.
_INVISIBLE_MARKS = re.compile("[\u034f\ufe00-\ufe0f]")
_STRESS = re.compile("[\u0300\u0301]")
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_CYRILLIC = re.compile("[\u0400-\u052f]")

# Applied after case folding, so that a key does not depend on case: "b" is replaced by "в", although only the capitals
# look alike ("Иваноbич" occurs in real lists).
_LOOK_ALIKES = str.maketrans("abcehkmoptxy", "авсенкмортху")
_SERBIAN = str.maketrans(
    dict(zip("абвгдежзијклмнопрстћуфхцчш", "abvgdezzijklmnoprstcufhccs", strict=True))
    | {"ђ": "dj", "љ": "lj", "њ": "nj", "џ": "dz", "đ": "dj", "ð": "dj"}
)
_LATIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)

# Parts of a patronymic that are written as a separate word or joined to the name: Ибрагим оглы, Ибрагимоглы.
_GLUED = re.compile("(..+)(оглы|оглу|кызы|гызы|уулу|улы|заде)")

_NO_PATRONYMIC = frozenset(
    {
        *("нет", "нету", "не имеется", "не имеет", "не имею", "не указано", "не указан", "не заполнено"),
        *("отсутствует", "отчество отсутствует", "нет отчества", "отчества нет", "без отчества"),
        *("нет данных", "прочерк", "б о", "n a", "na", "nil", "no", "none", "null", "net", "het"),
    }
)

_REFERENCE_FILLERS = re.compile(r"[\s./\\_#№\u2044\u2215]")
# Policy numbers mix scripts ("999ААА99999999"), and Latin and Cyrillic letters look the same.
_REFERENCE_LOOK_ALIKES = str.maketrans("АВЕЁКМНОРСТУХІЈЅ", "ABEEKMHOPCTYXIJS")


def fold_name(*parts: str, script: Script) -> str:
    """Return the match key of a name: the words of all parts in order, joined by one space; "" for none.

    Parts are the fields of a name. It does not matter which field a word is in; the order of the words matters.
    """
    words = _plain(" ".join(parts)).split()
    match script:
        case "cyrillic-ru":
            words = [_russian(word) for word in words]
        case "serbian":
            words = [_unmarked(word).translate(_SERBIAN) for word in words]
        case "latin":
            words = [_unmarked(word).translate(_LATIN) for word in words]
    return " ".join(" ".join(words).split())


def is_placeholder(patronymic: str) -> bool:
    """Whether the field says that there is no patronymic: empty, only punctuation, or a word such as "нет"."""
    letters = re.sub(r"[\W\d_]+", " ", fold_name(patronymic, script="cyrillic-ru")).strip()
    return not letters or letters in _NO_PATRONYMIC


def fold_reference(number: str) -> str:
    """Return the match key of a policy or participant number: upper case, no spaces, dashes, slashes or dots.

    Leading zeros stay; "" when nothing is left.
    """
    # Before NFKC, because it spells out "№"; and after it, because it turns other characters into spaces and slashes.
    text = _settled(_REFERENCE_FILLERS.sub("", _visible(number)))
    text = "".join(char for char in _REFERENCE_FILLERS.sub("", text) if not _is_dash(char))
    text = unicodedata.normalize("NFKC", text.upper())
    return ascii_digits(text).translate(_REFERENCE_LOOK_ALIKES)


def fold_username(typed: str) -> str:
    """Return a username in the stored form, whatever keyboard it was typed on."""
    return ascii_digits(_settled(_visible(typed))).strip()


def ascii_digits(text: str) -> str:
    """Replace the decimal digits of every script by 0-9."""
    if text.isascii():
        return text
    return "".join(char if (digit := unicodedata.decimal(char, None)) is None else str(digit) for char in text)


def _plain(text: str) -> str:
    """Case-fold the text, remove invisible characters, stress marks and apostrophes, and replace dashes by spaces."""
    text = _visible("".join(" " if _is_dash(char) else char for char in text if char not in _APOSTROPHES))
    return "".join(" " if _is_dash(char) else char for char in _settled(text) if char not in _APOSTROPHES)


def _visible(text: str) -> str:
    """Remove format and control characters, variation selectors and lone surrogates; white space stays."""
    text = _INVISIBLE_MARKS.sub("", text)
    return "".join(char for char in text if char.isspace() or unicodedata.category(char) not in {"Cf", "Cc", "Cs"})


def _settled(text: str) -> str:
    """Apply NFKC and case folding twice, because a folded letter may no longer be in normal form."""
    for _ in range(2):
        text = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", text)


def _is_dash(char: str) -> bool:
    return char in _MORE_DASHES or unicodedata.category(char) == "Pd"


def _russian(word: str) -> str:
    # Remove stress marks after composition, and never decompose й and ё: their marks make them different letters.
    word = unicodedata.normalize("NFC", _STRESS.sub("", word)).replace("ё", "е")
    if not _CYRILLIC.search(word):
        return word
    word = "".join(_base(char) for char in word).translate(_LOOK_ALIKES)
    glued = _GLUED.fullmatch(word)
    return f"{glued[1]} {glued[2]}" if glued else word


def _base(char: str) -> str:
    """Remove the mark of a Latin letter ("ó" typed for a stressed "о"); other characters stay unchanged."""
    bare = unicodedata.normalize("NFD", char)[0]
    return bare if bare.isascii() else char


def _unmarked(word: str) -> str:
    # Only the marks of the Latin block: other scripts' marks are vowels.
    return unicodedata.normalize("NFC", _LATIN_MARKS.sub("", unicodedata.normalize("NFD", word)))
