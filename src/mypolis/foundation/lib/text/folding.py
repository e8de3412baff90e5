"""Match keys: one spelling for what people write differently and mean alike. Compared, never shown."""

import re
import unicodedata
from typing import Literal

Script = Literal["cyrillic-ru", "serbian", "latin"]

# Removed before anything else, because NFKC turns some of them (the acute accent) into a space.
_APOSTROPHES = (
    "'`´\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u055a"
    "\u2018\u2019\u201a\u201b\u2032\u2035\ua78c\uff07\uff40"
)
# Beside Unicode's own dashes (category Pd).
_MORE_DASHES = "\u02d7\u2043\u2212\u2796"
# Grapheme joiner and variation selectors: invisible, but not of category Cf.
_INVISIBLE_MARKS = re.compile("[\u034f\ufe00-\ufe0f]")
_STRESS = re.compile("[\u0300\u0301]")
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_CYRILLIC = re.compile("[\u0400-\u052f]")

# Applied after case folding, so that a key does not depend on case: "b" stands for "В" although only "B"
# looks like it ("Иваноbич" is found in real lists).
_LOOK_ALIKES = str.maketrans("abcehkmoptxy", "авсенкмортху")
_SERBIAN = str.maketrans(
    dict(zip("абвгдежзијклмнопрстћуфхцчш", "abvgdezzijklmnoprstcufhccs", strict=True))
    | {"ђ": "dj", "љ": "lj", "њ": "nj", "џ": "dz", "đ": "dj", "ð": "dj"}
)
_LATIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)

# Parts of a patronymic that are written as a word of their own or glued to the name: Ибрагим оглы, Ибрагимоглы.
_GLUED = re.compile("(..+)(оглы|оглу|кызы|гызы|уулу|улы|заде)")

_NO_PATRONYMIC = frozenset(
    {
        *("нет", "нету", "не имеется", "не имеет", "не имею", "не указано", "не указан", "не заполнено"),
        *("отсутствует", "отчество отсутствует", "нет отчества", "отчества нет", "без отчества"),
        *("нет данных", "прочерк", "б о", "n a", "na", "nil", "no", "none", "null", "net", "het"),
    }
)

_REFERENCE_FILLERS = re.compile(r"[\s./\\_#№\u2044\u2215]")
# Policy numbers mix scripts ("999ААА99999999"), and nobody can see which keyboard a letter came from.
_REFERENCE_LOOK_ALIKES = str.maketrans("АВЕЁКМНОРСТУХІЈЅ", "ABEEKMHOPCTYXIJS")


def fold_name(*parts: str, script: Script) -> str:
    """The match key of a name: the words of all parts in their order, joined by one space; "" for none.

    Parts are a name's fields; how its words are spread over them does not matter, their order does.
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
    """Whether the field says that there is no patronymic: empty, only signs, or words such as "нет"."""
    letters = re.sub(r"[\W\d_]+", " ", fold_name(patronymic, script="cyrillic-ru")).strip()
    return not letters or letters in _NO_PATRONYMIC


def fold_reference(number: str) -> str:
    """The match key of a policy or participant number: upper case, no spaces, dashes, slashes or dots.

    Leading zeros stay; "" when nothing is left.
    """
    # Before NFKC, which spells "№" out, and after it, because it makes spaces and slashes of other signs.
    text = _settled(_REFERENCE_FILLERS.sub("", _visible(number)))
    text = "".join(sign for sign in _REFERENCE_FILLERS.sub("", text) if not _is_dash(sign))
    text = unicodedata.normalize("NFKC", text.upper())
    return ascii_digits(text).translate(_REFERENCE_LOOK_ALIKES)


def fold_username(typed: str) -> str:
    """A username as it is kept, from what somebody typed on any keyboard."""
    return ascii_digits(_settled(_visible(typed))).strip()


def ascii_digits(text: str) -> str:
    """The text with the decimal digits of every script written as 0-9."""
    if text.isascii():
        return text
    return "".join(sign if (digit := unicodedata.decimal(sign, None)) is None else str(digit) for sign in text)


def _plain(text: str) -> str:
    """Case-folded text without invisible signs, stress marks or apostrophes, and with spaces for dashes."""
    text = _visible("".join(" " if _is_dash(sign) else sign for sign in text if sign not in _APOSTROPHES))
    return "".join(" " if _is_dash(sign) else sign for sign in _settled(text) if sign not in _APOSTROPHES)


def _visible(text: str) -> str:
    """The text without format, control and variation signs and lone surrogates; white space stays."""
    text = _INVISIBLE_MARKS.sub("", text)
    return "".join(sign for sign in text if sign.isspace() or unicodedata.category(sign) not in {"Cf", "Cc", "Cs"})


def _settled(text: str) -> str:
    """NFKC and case folding; done twice, because folding a letter can take it out of its normal form."""
    for _ in range(2):
        text = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", text)


def _is_dash(sign: str) -> bool:
    return sign in _MORE_DASHES or unicodedata.category(sign) == "Pd"


def _russian(word: str) -> str:
    # Stress marks go after composition and й and ё are never decomposed: their marks make other letters of
    # them.
    word = unicodedata.normalize("NFC", _STRESS.sub("", word)).replace("ё", "е")
    if not _CYRILLIC.search(word):
        return word
    word = "".join(_base(sign) for sign in word).translate(_LOOK_ALIKES)
    glued = _GLUED.fullmatch(word)
    return f"{glued[1]} {glued[2]}" if glued else word


def _base(sign: str) -> str:
    """The bare letter of a Latin one with a mark ("ó" typed for a stressed "о"); anything else unchanged."""
    bare = unicodedata.normalize("NFD", sign)[0]
    return bare if bare.isascii() else sign


def _unmarked(word: str) -> str:
    # Only the marks of the Latin block: other scripts' marks are vowels.
    return unicodedata.normalize("NFC", _LATIN_MARKS.sub("", unicodedata.normalize("NFD", word)))
