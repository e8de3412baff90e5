"""The rows of billing's list of payments: CSV or a spreadsheet with named columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from mypolis.coverage.feed_rows import MAX_BYTES, WrongCell, amount_in, text_in
from mypolis.coverage.problems import Problem
from mypolis.lib.money import CURRENCIES
from mypolis.lib.tabular import read_table


@dataclass(frozen=True, kw_only=True)
class PaymentRow:
    """One payment as billing tells it; `line` is where it stands in the file."""

    line: int
    external_id: str
    policy_type: str
    policy_number: str
    due: date
    amount: Decimal
    currency: str
    paid_on: date | None


def read_payments(path: Path) -> Iterator[PaymentRow | Problem]:
    """Every row of the list, or what is wrong with it. Raises TabularError."""
    for row in read_table(path, max_bytes=MAX_BYTES).rows:
        if row.problem:
            yield Problem(row.line, "", row.problem)
            continue
        try:
            yield _row(row.line, {name.lower(): cell for name, cell in row.cells.items()})
        except WrongCell as error:
            yield Problem(row.line, error.column, error.code)


def _row(line: int, cells: Mapping[str, str]) -> PaymentRow:
    external_id, currency = text_in(cells, "id"), text_in(cells, "currency").upper()
    if not external_id:
        raise WrongCell("id", "bad_external_id")
    if currency not in CURRENCIES:
        raise WrongCell("currency", "unknown_currency")
    due = _day(cells, "due")
    if due is None:
        raise WrongCell("due", "not_a_date")
    if not cells.get("amount"):
        raise WrongCell("amount", "bad_amount")
    return PaymentRow(
        line=line,
        external_id=external_id,
        policy_type=text_in(cells, "policy_type"),
        policy_number=text_in(cells, "policy_number"),
        due=due,
        amount=amount_in(text_in(cells, "amount")),
        currency=currency,
        paid_on=_day(cells, "paid_on"),
    )


def _day(cells: Mapping[str, str], column: str) -> date | None:
    text = text_in(cells, column)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongCell(column, "not_a_date") from None
