"""Reads what members send about claims: strictly, with a sentence for each value that cannot be used."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from mypolis.foundation.lib.dates import DateError, parse_iso_date
from mypolis.foundation.lib.text.clean_text import UnsafeText, clean_line
from mypolis.foundation.web.form_fields.fields import UNSAFE
from mypolis.insurance.claims.as_json.bodies import ChangeClaim, LineChange
from mypolis.insurance.claims.drafts.fields import DIAGNOSIS, PROVIDER, detail_field
from mypolis.insurance.claims.drafts.flows import LineData
from mypolis.insurance.claims.models import Line

LONGEST_TEXT = 2_000
_LONGEST_OF_LINE = {"text": 200, "number": 60}
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_NEW_LINE = re.compile(r"\r\n|\r|\n")
_CURRENCY = re.compile(r"[A-Z]{3}")
_YEARS = range(1900, 2200)  # far from both ends, so that days can be counted from it

type Error = tuple[str, str, str]


class Refused(Exception):
    """Values that cannot be used; `errors` are (field, code, sentence)."""

    def __init__(self, *errors: Error) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code, _sentence in errors))
        self.errors = errors


class _Reader:
    """Reads one value after another, and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.errors: list[Error] = []

    def day(self, field: str, text: str | None) -> date | None:
        if text is None:
            return None
        try:
            found = parse_iso_date(text)
        except DateError:
            found = None
        if found is None or found.year not in _YEARS:
            self._refuse(field, "invalid", _("Write the date as year, month and day: 2026-11-20."))
            return None
        return found

    def amount(self, field: str, text: str | None) -> Decimal | None:
        if text is None:
            return None
        if not _AMOUNT.fullmatch(text):
            self._refuse(
                field, "invalid", _("Write the amount in digits, with at most two decimals after a point: 150000.00.")
            )
            return None
        if not Decimal(text):
            self._refuse(field, "not_positive", _("The amount must be more than zero."))
            return None
        return Decimal(text)

    def currency(self, field: str, text: str | None) -> str:
        if text and not _CURRENCY.fullmatch(text):
            self._refuse(field, "invalid", _("Write the currency as three capital letters."))
        return text or ""

    def text(self, field: str, text: str, most: int) -> str:
        """Line breaks are kept."""
        try:
            lines = [clean_line(line, max_length=most) for line in _NEW_LINE.split(text)]
        except UnsafeText as error:
            is_long = error.code == "too_long"
            self._refuse(field, "too_long" if is_long else "unsafe", _("The text is too long.") if is_long else UNSAFE)
            return ""
        cleaned = "\n".join(lines).strip()
        if len(cleaned) > most:
            self._refuse(field, "too_long", _("The text is too long."))
        return cleaned

    def details(self, given: Mapping[str, str | None]) -> dict[str, str]:
        read: dict[str, str] = {}
        for name, value in given.items():
            field = detail_field(name)
            if field is None:
                self._refuse("details", "unknown_field", _("There is no such field here."))
            elif field.kind == "date":
                found = self.day(name, value or None)
                read[name] = found.isoformat() if found else ""
            else:
                read[name] = self.text(name, value or "", field.most)
        return read

    def line(self, place: int, given: LineChange, known: Line | None) -> LineData:
        field = f"lines.{place}."
        day, amount = self.day(f"{field}date", given.date), self.amount(f"{field}amount", given.amount)
        is_as_read = known is not None and (known.date, known.amount) == (day, amount)
        return LineData(
            id=given.id,
            date=day,
            until=self.day(f"{field}until", given.until),
            benefit=self.text(f"{field}benefit", given.benefit, 40),
            text=self.text(f"{field}text", given.text, _LONGEST_OF_LINE["text"]),
            number=self.text(f"{field}number", given.number, _LONGEST_OF_LINE["number"]),
            count=given.count,
            same_case_as=given.same_case_as,
            amount=amount,
            currency=self.currency(f"{field}currency", given.currency),
            read_from=known.read_from if known is not None and is_as_read else "typed",
        )

    def lines(self, given: Iterable[LineChange], here: Mapping[UUID, Line]) -> list[LineData]:
        read, seen = [], set[UUID]()
        for place, one in enumerate(given):
            if one.id is not None and (one.id not in here or one.id in seen):
                self._refuse(f"lines.{place}.id", "unknown", _("This bill is not part of the draft."))
            seen |= {one.id} if one.id is not None else set()
            read.append(self.line(place, one, here.get(one.id) if one.id is not None else None))
        return read

    def done(self) -> None:
        if self.errors:
            raise Refused(*self.errors)

    def _refuse(self, field: str, code: str, sentence: object) -> None:
        self.errors.append((field, code, str(sentence)))


def read_changes(body: ChangeClaim, lines: Iterable[Line]) -> dict[str, Any]:
    """What to save of a draft, for `drafts.flows.save`. `lines` are those that the draft has. Raises Refused."""
    reader, sent = _Reader(), body.model_fields_set
    read: dict[str, Any] = {}
    for name in ("treated_on", "until"):
        read[name] = reader.day(name, getattr(body, name))
    read["benefit"] = reader.text("benefit", body.benefit, 40)
    for field in (PROVIDER, DIAGNOSIS):
        read[field.name] = reader.text(field.name, getattr(body, field.name), field.most)
    read["details"] = reader.details(body.details)
    read["lines"] = reader.lines(body.lines, {line.pk: line for line in lines})
    read["pay_to"] = body.pay_to
    reader.done()
    return {name: value for name, value in read.items() if name in sent}


def read_text(field: str, text: str, *, is_required: bool) -> str:
    """A text of several lines. Raises Refused."""
    reader = _Reader()
    cleaned = reader.text(field, text, LONGEST_TEXT)
    reader.done()
    if is_required and not cleaned:
        raise Refused((field, "required", _("Please write a few words.")))
    return cleaned


def read_version(header: str) -> int | None:
    """The version in `If-Match`: "7" in quotes. None for an ETag that is not ours. Raises ValueError without one.

    `*`, which matches whatever is there, counts as none: saving blindly would lose what another device saved.
    """
    text = header.strip()
    if text in ("", "*"):
        raise ValueError("no version")
    found = re.fullmatch(r'"([0-9]{1,9})"', text)
    return int(found[1]) if found else None
