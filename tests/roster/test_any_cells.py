"""Any content of a cell gives a row or a problem, and never a value that the database cannot store."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.tables.table_reader import Row
from mypolis.foundation.markets import market
from mypolis.membership.people.models import Membership, Person, Policy
from mypolis.membership.roster.check import Standard, check_row
from mypolis.membership.roster.columns import map_columns
from tests.roster.cast import ANNA, BUDI, JELENA

COLUMNS = tuple({**ANNA, **BUDI, **JELENA, "plan": "", "relation": "", "start": "", "end": "", "employee_number": ""})
GOOD = {"ru": ANNA, "id": BUDI, "rs": JELENA}
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=130) | st.sampled_from(
    [
        "ﷺ" * 120,
        "ß" * 64,
        "+" * 40,
        "9" * 64,
        "@" * 200,
        "a@" + "ü" * 60 + ".test",
        "-",
        "١٩٩٠-٠١-٠١",
        "\x00",
        "\u202e",
    ]
)
LONGEST = {"name_key": 400, "email_key": 254, "policy_key": 64, "participant_key": 64}


@pytest.mark.parametrize("code", ["ru", "id", "rs"])
@given(column=st.sampled_from(COLUMNS), cell=CELLS)
def test_any_cell_is_taken_or_told(code: str, column: str, cell: str) -> None:
    profile = market(code)
    standard = Standard(profile, map_columns(COLUMNS, profile, policy_number=None), profile.today(), None, "group")
    checked = check_row(Row(2, dict.fromkeys(COLUMNS, "") | GOOD[code] | {column: cell}), standard)
    if checked.row is None:
        assert {problem.column for problem in checked.problems}
        assert all(problem.message for problem in checked.problems)
        return
    assert not checked.problems
    assert all(len(getattr(checked.row, key)) <= longest for key, longest in LONGEST.items())


def test_the_longest_keys_are_those_of_the_database() -> None:
    columns = {
        "name_key": Person._meta.get_field("name_key"),
        "email_key": Person._meta.get_field("email_key"),
        "policy_key": Policy._meta.get_field("number_key"),
        "participant_key": Membership._meta.get_field("participant_key"),
    }
    assert {key: column.max_length for key, column in columns.items()} == LONGEST
