"""Long lists with real names; the number of statements does not grow with the rows."""

from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mypolis.membership.people.models import Membership, Person
from mypolis.membership.roster.flows import load
from tests.effort import examples
from tests.roster.big_lists import EMPLOYER, write_list
from tests.roster.cast import HR

ROWS = examples(3_000, quick=300)


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_thousands_of_real_names_are_loaded_and_loaded_again(market: str, tmp_path: Path, db: None) -> None:
    path = tmp_path / "list.csv"
    write_list(market, path, rows=ROWS)
    first = load(market=market, path=path, employer=EMPLOYER, by=HR)
    assert Counter(problem.code for problem in first.errors) == {}
    assert (first.rows, first.loaded) == (ROWS, ROWS)
    assert first.sent == (ROWS if market == "ru" else 0)
    assert Person.objects.filter(market=market).count() == Membership.objects.count() == ROWS
    second = load(market=market, path=path, employer=EMPLOYER, by=HR)
    assert (second.unchanged, second.sent) == (ROWS, 0)


@pytest.mark.parametrize("market", ["rs", "id"])
def test_a_longer_list_takes_no_more_statements(market: str, tmp_path: Path, db: None) -> None:
    taken = []
    for rows in (50, 500):
        path = tmp_path / f"{rows}.csv"
        write_list(market, path, rows=rows)
        with CaptureQueriesContext(connection) as statements:
            report = load(market=market, path=path, employer=EMPLOYER, by=HR)
        assert report.rejected == 0
        taken.append(len(statements))
    assert taken[1] <= taken[0]
