import csv
from pathlib import Path

import pytest

from mypolis.membership.roster.flows import load
from mypolis.membership.roster.report import Report
from tests.roster.cast import HR, Load, Row


@pytest.fixture
def load_rows(tmp_path: Path, db: None) -> Load:
    """A function that writes rows to a file, with all columns that they have, and loads it."""

    def load_rows(market: str, *rows: Row, employer: str | None = None, **options: object) -> Report:
        path = tmp_path / "list.csv"
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return load(market=market, path=path, employer=employer, by=HR, **options)  # type: ignore[arg-type]

    return load_rows
