"""The rows of billing's list of payments: CSV or a spreadsheet with named columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Self

from mypolis.foundation.lib.cells.numbers import amount_in
from mypolis.foundation.lib.money import CURRENCIES
from mypolis.foundation.lib.tables.table_reader import read_table
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.insurance.coverage.feeds.duplicate_ids import without_conflicting_ids
from mypolis.insurance.coverage.feeds.feed_rows import MAX_BYTES, WrongCell, day_of, text_in, value_of
from mypolis.insurance.coverage.feeds.list_columns import names_of
from mypolis.insurance.coverage.problems import Problem

COLUMNS = ("id", "policy_number", "policy_type", "due", "amount", "currency", "paid_on")


@dataclass(frozen=True, kw_only=True)
class PaymentRow:
    """One payment as billing sent it; `line` is its line in the file."""

    line: int
    external_id: str
    policy_type: str
    policy_number: str
    due: date
    amount: Decimal
    currency: str
    paid_on: date | None

    @property
    def content(self) -> Self:
        """The row without its position and with a normalized policy number, for comparison."""
        return replace(self, line=0, policy_number=fold_reference(self.policy_number))


def read_payments(path: Path) -> Iterator[PaymentRow | Problem]:
    """Every row of the list, or its problem. Raises TabularError.

    If two different payments have the same id, both are refused, since we cannot know which one is correct.
    """
    return without_conflicting_ids(lambda: _rows(path))


def _rows(path: Path) -> Iterator[PaymentRow | Problem]:
    table = read_table(path, max_bytes=MAX_BYTES)
    names = names_of(table.header, COLUMNS)
    for row in table.rows:
        if row.problem:
            yield Problem(row.line, "", row.problem)
            continue
        try:
            yield _row(row.line, {names[title]: cell for title, cell in row.cells.items() if title in names})
        except WrongCell as error:
            yield Problem(row.line, error.column, error.code)


def _row(line: int, cells: Mapping[str, str]) -> PaymentRow:
    external_id, currency = text_in(cells, "id"), text_in(cells, "currency").upper()
    if not external_id:
        raise WrongCell("id", "bad_external_id")
    if currency not in CURRENCIES:
        raise WrongCell("currency", "unknown_currency")
    due = day_of(cells, "due")
    if due is None:
        raise WrongCell("due", "not_a_date")
    amount = value_of(cells, "amount", amount_in)
    if amount is None:
        raise WrongCell("amount", "bad_amount")
    return PaymentRow(
        line=line,
        external_id=external_id,
        policy_type=text_in(cells, "policy_type"),
        policy_number=text_in(cells, "policy_number"),
        due=due,
        amount=amount,
        currency=currency,
        paid_on=day_of(cells, "paid_on"),
    )
