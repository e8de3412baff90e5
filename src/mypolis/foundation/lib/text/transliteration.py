"""Transliterates Cyrillic names to Latin letters, as in passports."""

from mypolis.foundation.lib.text.folding import Script

# ICAO Doc 9303, part 3, table of Cyrillic letters; Russian passports use it since 2014.
_RUSSIAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        (
            *("a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t"),
            *("u", "f", "kh", "ts", "ch", "sh", "shch", "ie", "y", "", "e", "iu", "ia"),
        ),
        strict=True,
    )
)
# Serbia's two alphabets: one Latin letter for each Cyrillic one, except three digraphs.
_SERBIAN = dict(
    zip(
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        (
            *("a", "b", "v", "g", "d", "đ", "e", "ž", "z", "i", "j", "k", "l", "lj", "m", "n", "nj", "o", "p", "r"),
            *("s", "t", "ć", "u", "f", "h", "c", "č", "dž", "š"),
        ),
        strict=True,
    )
)
_TABLES: dict[Script, dict[str, str]] = {"cyrillic-ru": _RUSSIAN, "serbian": _SERBIAN, "latin": {}}


def to_latin(name: str, *, script: Script) -> str:
    """Replace the Cyrillic letters of the script by Latin ones; other characters stay.

    A capital gives one capital ("Щукина": "Shchukina"), and all capitals where its neighbour is one too ("ЩУКИНА").
    """
    table = _TABLES[script]
    return "".join(_letter(name, place, table) for place in range(len(name)))


def _letter(name: str, place: int, table: dict[str, str]) -> str:
    char = name[place]
    latin = table.get(char.lower())
    if latin is None:
        return char
    if not char.isupper():
        return latin
    neighbours = (name[place + 1 : place + 2], name[place - 1 : place] if place else "")
    is_shouted = next((near.isupper() for near in neighbours if near.isalpha()), False)
    return latin.upper() if is_shouted else latin.capitalize()
