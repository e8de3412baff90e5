"""Wrong plan books are refused as a whole. Each finding has a line, a place and a reason."""

import json
from pathlib import Path
from typing import Any

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.insurance.coverage.models import Plan, PlanVersion
from mypolis.insurance.coverage.plan_books.book_rules import BookRefusedError
from mypolis.insurance.coverage.plan_books.loading import load_book
from tests.coverage.books import BOOK, GOLD, HEALTH, REMOVED, book, text, written

pytestmark = pytest.mark.django_db
LIMIT = {"on": "outpatient", "amount": 5, "per": "year"}
DOCTOR = (*HEALTH, "benefits", "doctor")


def refused(path: Path) -> set[tuple[str, str]]:
    """The (place, code) of every finding. Nothing may be stored."""
    with pytest.raises(BookRefusedError) as error:
        load_book(market="id", book=path, by=SYSTEM)
    assert not Plan.objects.exists()
    assert all(problem.message for problem in error.value.problems)
    return {(problem.place, problem.code) for problem in error.value.problems}


WRONG: dict[str, tuple[tuple[str | int, ...], Any, str, str]] = {
    "unknown type of benefit": ((*DOCTOR, "type"), "astrology", "type", "unknown_type"),
    "negative sum": ((*GOLD, "limits", 0, "amount"), -5, "limits.0.amount", "negative"),
    "a sum that is no number": ((*GOLD, "limits", 0, "amount"), "a lot", "limits.0.amount", "not_a_number"),
    "a sum of three decimals": ((*GOLD, "limits", 0, "amount"), "1.005", "limits.0.amount", "not_a_number"),
    "a sum without end": ((*GOLD, "limits", 0, "amount"), "Infinity", "limits.0.amount", "not_a_number"),
    "too big a sum": ((*GOLD, "limits", 0, "amount"), "9" * 15, "limits.0.amount", "too_big"),
    **{f"the sum {sum_}": ((*GOLD, "limits", 0, "amount"), sum_, "limits.0.amount", "not_a_number")
       for sum_ in ("150.000", "1.250.000", "150,5", "1e5", "٣٠٠", "Rp 150", "NaN", "+5")},
    "a limit of no visits": ((*GOLD, "limits", 0), {"on": "drugs", "count": 0, "unit": "visit", "per": "year"},
                             "limits.0.count", "too_small"),
    "a percentage over 100": ((*GOLD, "benefits", "teeth", "copayment", "percent"), 101, "percent", "too_big"),
    "unknown basis": ((*GOLD, "limits", 0, "per"), "decade", "limits.0.per", "not_a_choice"),
    "two measures": ((*GOLD, "limits", 0, "days"), 3, "limits.0", "one_measure"),
    "no measure": ((*GOLD, "limits", 0, "amount"), REMOVED, "limits.0", "one_measure"),
    "a count of nothing": ((*GOLD, "limits", 0), {"on": "drugs", "count": 3, "per": "year"},
                           "limits.0", "count_and_unit"),
    "days a day": ((*GOLD, "limits", 0), {"on": "room", "days": 3, "per": "day"}, "limits.0", "days_per"),
    "overlapping limits": ((*GOLD, "limits", 1), LIMIT, "limits.1", "overlapping_limits"),
    "two units for one benefit": ((*GOLD, "limits", 1), {"on": "birth", "count": 9, "unit": "visit", "per": "year"},
                                  "limits.1.unit", "units_differ"),
    "a group that contains itself": ((*GOLD, "groups", "outpatient"), ["outpatient", "doctor"],
                                     "groups.outpatient", "group_cycle"),
    "a group of something unknown": ((*GOLD, "groups", "outpatient", 0), "spa", "groups.outpatient.0", "unknown_group"),
    "a group called like a benefit": ((*GOLD, "groups", "teeth"), ["drugs"], "groups.teeth", "group_is_benefit"),
    "a limit on something unknown": ((*GOLD, "limits", 0, "on"), "spa", "limits.0.on", "unknown_group"),
    "a benefit that the product lacks": ((*GOLD, "benefits", "spa"), {}, "benefits.spa", "unknown_benefit"),
    "a network that the book lacks": ((*GOLD, "network"), "outer", "network", "unknown_network"),
    "a document that the book lacks": ((*DOCTOR, "documents", 0), "stamp", "documents.0", "unknown_document"),
    "missing translation": ((*DOCTOR, "name"), {"en": "Doctor"}, "doctor.name", "missing_translation"),
    "a language of another market": ((*DOCTOR, "name", "ru"), "Врач", "doctor.name", "unknown_language"),
    "an empty text": ((*DOCTOR, "name", "id"), "  ", "name.id", "empty"),
    "unknown currency": ((*HEALTH, "currency"), "XXX", "currency", "unknown_currency"),
    "unknown member": ((*GOLD, "bonus"), 5, "gold.bonus", "unknown_key"),
    "missing member": ((*GOLD, "explanation"), REMOVED, "gold.explanation", "missing"),
    "a key with capitals": ((*HEALTH, "plans", "Gold"), BOOK["products"]["health"]["plans"]["bare"],
                            "plans.Gold", "bad_key"),
    "another market": (("market",), "ru", "market", "other_market"),
    "unknown type of policy": ((*HEALTH, "policy_types", 0), "pet", "policy_types.0", "unknown_policy_type"),
    "no date": (("effective",), "yesterday", "effective", "not_a_date"),
    "a list name of two plans": ((*HEALTH, "plans", "bare", "roster_names"), ["plan  GOLD"],
                                 "roster_names.0", "name_taken"),
    "no benefits": ((*GOLD, "benefits"), {}, "gold.benefits", "empty"),
    "an unknown format": (("format",), 2, "format", "too_big"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_book_is_refused_for(what: str, tmp_path: Path) -> None:
    path, value, place, code = WRONG[what]
    found = refused(written(tmp_path / "book.json", book((path, value))))
    assert any(where.endswith(place) and kind == code for where, kind in found), found


def test_a_limit_on_a_group_of_one_overlaps_with_the_one_on_its_benefit(tmp_path: Path) -> None:
    changes = [((*GOLD, "groups", "alone"), ["drugs"]), ((*GOLD, "limits", 1), {**LIMIT, "on": "alone"})]
    found = refused(written(tmp_path / "book.json", book(*changes)))
    assert ("products.health.plans.gold.limits.1", "overlapping_limits") in found


def test_a_long_cycle_of_groups_is_found(tmp_path: Path) -> None:
    groups = {"outpatient": ["one"], "one": ["two"], "two": ["doctor", "outpatient"]}
    found = refused(written(tmp_path / "book.json", book(((*GOLD, "groups"), groups))))
    assert {code for _place, code in found} == {"group_cycle"}


def test_groups_that_double_at_every_level_are_opened_once_each(tmp_path: Path) -> None:
    groups = {f"g{level}": [f"g{level + 1}"] * 2 for level in range(60)} | {"g60": ["teeth"]}
    limit = {"on": "g0", "amount": 5, "per": "year"}
    changes = [((*GOLD, "groups"), groups), ((*GOLD, "limits"), [limit])]
    load_book(market="id", book=written(tmp_path / "book.json", book(*changes)), by=SYSTEM)
    (kept,) = [one for one in PlanVersion.objects.get(plan__key="gold").document.limits if one.key.startswith("g0")]
    assert kept.benefits == ("teeth",)


def test_a_plan_of_too_many_groups_is_refused(tmp_path: Path) -> None:
    groups = {f"g{number}": [f"g{number + 1}"] for number in range(1_200)} | {"g1200": ["drugs"]}
    found = refused(written(tmp_path / "book.json", book(((*GOLD, "groups"), groups))))
    assert ("products.health.plans.gold.groups", "too_many") in found


def test_every_finding_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    changes = [((*GOLD, "limits", 0, "amount"), -5), ((*DOCTOR, "type"), "astrology"), (("effective",), "soon")]
    path = written(tmp_path / "book.json", book(*changes))
    with pytest.raises(BookRefusedError) as error:
        load_book(market="id", book=path, by=SYSTEM)
    lines = path.read_text().splitlines()
    found = [(problem.code, lines[problem.line - 1].strip().rstrip(",")) for problem in error.value.problems]
    assert found == [
        ("not_a_date", '"effective": "soon"'),
        ("unknown_type", '"type": "astrology"'),
        ("negative", '"amount": -5'),
    ]


FILES: dict[str, tuple[str | bytes, str, int]] = {
    "nothing in it": ("", "not_a_book", 1),
    "a list": ("- a\n- b\n", "not_a_book", 1),
    "a table in it": ("market: id\n\tformat: 1\n", "bad_yaml", 2),
    "an open bracket": ("market: id\nproducts: {\n", "bad_yaml", 3),
    "a name twice": ("market: id\nformat: 1\nmarket: ru\n", "doubled_key", 3),
    "an anchor": ("market: &x id\nformat: *x\n", "anchor", 1),
    "a bomb of aliases": ("a: &a [x, x]\nb: &b [*a, *a]\n", "anchor", 1),
    "endless brackets": ("a: " + "[" * 5_000, "too_deep", 1),
    "another encoding": ("market: Größe".encode("latin-1"), "not_utf8", 1),
    "a control sign": ("market: id\nformat: \x07\n", "not_text", 2),
    "a list for a key": ("? [a, b]\n: c\n", "bad_yaml", 1),
    "two documents": ("a: b\n---\nc: d\n", "bad_yaml", 2),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_is_refused_for(what: str, tmp_path: Path) -> None:
    content, code, line = FILES[what]
    path = tmp_path / "book.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BookRefusedError) as error:
        load_book(market="id", book=path, by=SYSTEM)
    assert [(problem.code, problem.line) for problem in error.value.problems] == [(code, line)]


def test_a_file_that_is_not_there_or_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(tmp_path / "nothing.yaml") == {("", "unreadable")}
    monkeypatch.setattr("mypolis.insurance.coverage.plan_books.book_file.MAX_BYTES", 10)
    assert refused(written(tmp_path / "book.json", BOOK)) == {("", "too_large")}


def test_words_of_yaml_that_other_readers_turn_into_something_else_stay_words(tmp_path: Path) -> None:
    """The Norway problem: `no` stays a word, and `0010_00` is not read as an octal number."""
    changed = book(((*DOCTOR, "name"), text("no")), ((*GOLD, "limits", 0, "amount"), "0010_00"))
    path = tmp_path / "book.yaml"
    path.write_text(json.dumps(changed).replace('"no"', "no").replace('"0010_00"', "0010_00"))
    load_book(market="id", book=path, by=SYSTEM)
    plan = PlanVersion.objects.get(plan__key="gold").document
    assert plan.benefits[0].name == text("no")
    assert plan.limits_on("doctor")[1].size == 1000
