"""Two lists loaded at the same time in one market: one waits for the other."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from mypolis.membership.people.models import Person
from mypolis.membership.roster.flows import load
from mypolis.membership.roster.models import Invitation
from mypolis.membership.roster.report import Report
from tests.roster.big_lists import write_list
from tests.roster.cast import HR


@pytest.mark.django_db(transaction=True)
def test_the_same_list_loaded_twice_at_once_makes_each_person_once(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    write_list("ru", path, rows=40)

    def run(employer: str) -> Report:
        try:
            return load(market="ru", path=path, employer=employer, by=HR)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(run, ["romashka", "romashka"])
    assert {first.loaded, second.loaded} == {40, 0}
    assert {first.unchanged, second.unchanged} == {40, 0}
    assert Person.objects.count() == Invitation.objects.count() == 40
