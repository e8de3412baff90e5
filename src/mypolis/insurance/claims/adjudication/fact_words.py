"""Facts of a reason in the words and number formats of the active language."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, cast

from django.utils.formats import date_format

from mypolis.foundation.lib.money import Money, format_money
from mypolis.insurance.coverage.plan_books.benefit_texts import limit_in_words, measured, percent, say
from mypolis.insurance.coverage.plan_books.plan import Limit, Text
from mypolis.insurance.coverage.plan_books.vocabulary import counted

_DAYS: Final = frozenset({"day", "start", "end", "paid_from", "last_day"})
_LENGTHS: Final = frozenset({"days", "age"})
_SUMS: Final = frozenset({"amount", "cap", "borne", "usual_price"})
_OF_LIMIT: Final = frozenset({"limit", "left", "size"})
_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")


def placeholders(sentence: str) -> set[str]:
    """The names in a sentence that facts fill."""
    return set(_PLACEHOLDER.findall(sentence))


def is_known(name: str, facts: Mapping[str, object]) -> bool:
    """Whether the facts fill a name; a sum needs its currency, and a limit all that describes it."""
    needed = {"size", "per", "measure", "unit", "currency", "left"} if name in _OF_LIMIT else {name}
    if name in _SUMS:
        needed.add("currency")
    return all(facts.get(one) not in ("", None) for one in needed)


def words_of(name: str, facts: Mapping[str, object]) -> str:
    """One fact as it is written in a sentence. Raises KeyError if it is missing."""
    if name in _OF_LIMIT:
        return _of_limit(name, facts)
    value = facts[name]
    if name in _DAYS:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return str(date_format(day, "DATE_FORMAT"))
    if name in _LENGTHS:
        return counted(int(str(value)), "day")
    if name in _SUMS:
        return format_money(Money(Decimal(str(value)), str(facts["currency"])))
    if name == "percent":
        return percent(Decimal(str(value)))
    return _text(value)


def _text(value: object) -> str:
    return say(cast("Text", value)) if isinstance(value, Mapping) else str(value)


def _of_limit(name: str, facts: Mapping[str, object]) -> str:
    measure, currency = facts["measure"], str(facts["currency"])
    unit = facts["unit"] if measure == "count" else None
    described = {
        "key": "",
        "benefits": (),
        "per": facts["per"],
        "measure": measure,
        "unit": unit,
        "size": facts["size"],
    }
    limit = Limit.model_validate(described)
    if name == "limit":
        return limit_in_words(limit, currency)
    return measured(limit, limit.size if name == "size" else Decimal(str(facts["left"])), currency)
