"""Interprets a spreadsheet's number format, as far as needed to know which digits it shows or that it hides them.

A format such as `00000000` or `"K-"0000` shows characters that the cell does not contain. Formats come from the file,
so the time to parse one must be bounded by its length.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from mypolis.foundation.lib.cells.cell import CellError

_LONGEST = 120
# A colour, a language or a currency in brackets; anything else in brackets is a condition.
_BRACKETS = re.compile(r"\[(?:\$[^\]\-]*(?:-[^\]]*)?|[A-Za-zА-Яа-я]+ ?\d*)\]")
_CURRENCY = re.compile(r"\[\$([^\]\-]+)")
_CURRENCIES = frozenset(
    {"Rp", "rp", "IDR", "RSD", "din", "din.", "дин", "дин.", "RUB", "руб", "руб.", "р", "р.", "₽", "kn"}
)
_CURRENCIES |= {"EUR", "€", "USD", "$", "KM"}
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_(.)|\*(.)|(.)', re.DOTALL)
_PLACES = ("0", "#")
_PLAIN = frozenset({"", "general", "@"})


@dataclass(frozen=True, slots=True)
class Format:
    """A parsed number format.

    `pattern` describes whole numbers: 0, # and literal characters (after a backslash); None if unknown. `decimals` is
    the number of decimals shown; None: all of them. `is_scaled`: the number shown may differ from the value, because of
    percent, thousands, an exponent or words. `is_shortened`: it has an exponent.
    """

    pattern: tuple[str, ...] | None
    decimals: int | None
    is_scaled: bool = False
    is_shortened: bool = False

    @property
    def misleads(self) -> bool:
        """Whether the format puts a point or comma between the digits, or a minus or bracket before them."""
        pattern = self.pattern or ()
        places = [place for place, part in enumerate(pattern) if part in _PLACES]
        if not places:
            return False
        before, between = pattern[: places[0]], pattern[places[0] : places[-1]]
        return bool({"\\-", "\\("} & set(before) or {"\\.", "\\,"} & set(between))


UNKNOWN = Format(None, None)
HIDDEN = Format(None, None, is_scaled=True)
SCALED = Format(None, None, is_scaled=True)
SHORTENED = Format(None, None, is_scaled=True, is_shortened=True)
PLAIN = Format(("0",), None)


def shown_digits(number: int, form: Format) -> str:
    """Format a non-negative whole number, without separators for thousands and without decimals.

    Raises `CellError` "scientific", or "shown_otherwise" if we cannot know what is shown.
    """
    if form.is_shortened:
        raise CellError("scientific")
    if form.pattern is None:
        raise CellError("shown_otherwise")
    places = [place for place, part in enumerate(form.pattern) if part in _PLACES]
    digits, shown = list(str(number)), list[str]()
    for place, part in reversed(list(enumerate(form.pattern))):
        if part not in _PLACES:
            shown.append(part.removeprefix("\\"))
        elif place == places[0]:  # takes all remaining digits
            shown.append("".join(digits) or part.replace("#", ""))
        else:
            shown.append(digits.pop() if digits else part.replace("#", ""))
    return "".join(reversed(shown)).strip()


@lru_cache(maxsize=1_000)
def shown_format(code: str | None) -> Format:
    """Parse the format for non-negative numbers. `code` is the format in the file; None if unknown."""
    if code is None or len(code) > _LONGEST:
        return UNKNOWN
    if code.strip().lower() in _PLAIN:
        return PLAIN
    section = _first_section(code)
    currency = "".join(_CURRENCY.findall(section)).strip()
    rest = _BRACKETS.sub("", section)
    if "[" in rest or (currency and currency not in _CURRENCIES):
        return SCALED
    return _parsed(rest)


def _first_section(code: str) -> str:
    quoted = escaped = False
    for place, character in enumerate(code):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == ";" and not quoted:
            return code[:place]
    return code


def _parsed(section: str) -> Format:
    parts, literals, decimals, after_point, last = list[str](), "", 0, False, ""
    for quoted, escaped, _pad, _fill, bare in _TOKEN.findall(section):
        if bare in ("%", "/", "?", "E", "e"):
            return SHORTENED if bare in ("E", "e") else SCALED
        if bare in _PLACES:
            decimals += after_point
            parts += [] if after_point else [bare]
        elif bare == ".":
            after_point = True
        elif bare != ",":
            literals += quoted or escaped or bare
            parts += [f"\\{character}" for character in quoted or escaped or bare]
        last = bare if bare in (*_PLACES, ",") else last
    if last == ",":  # thousands are not shown
        return SCALED
    places = tuple(part for part in parts if part in _PLACES)
    if not places:  # no digit is shown
        return HIDDEN
    has_words = any(word not in _CURRENCIES and any(map(str.isalnum, word)) for word in literals.split())
    if after_point or "," in section:
        return Format(None if has_words else places, decimals, is_scaled=has_words)
    return Format(tuple(parts), 0, is_scaled=has_words)
