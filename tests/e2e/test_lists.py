"""Rosters of three thousand people, loaded by the command while the demo runs."""

from typing import Any

import pytest

from tests.e2e.walking.lists import ROWS, WITH_EMAIL

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_every_row_is_loaded(market: str, reports: dict[str, dict[str, Any]]) -> None:
    report = reports[market]
    assert (report["rows"], report["loaded"], report["rejected"]) == (ROWS, ROWS, 0)
    assert report["errors"] == []


def test_only_people_with_an_address_of_their_own_are_invited(reports: dict[str, dict[str, Any]]) -> None:
    invitations = reports["ru"]["invitations"]
    assert invitations["sent"] == WITH_EMAIL - 2
    shared = [entry["row"] for entry in invitations["withheld"] if entry["reason"] == "shared_email"]
    assert shared == [WITH_EMAIL, WITH_EMAIL + 1]
    assert len(invitations["withheld"]) == ROWS - WITH_EMAIL + 2
