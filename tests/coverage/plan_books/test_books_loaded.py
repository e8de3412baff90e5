"""Plan books that load: which changes make a version, which plan a member has, and history."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.coverage.models import Plan, PlanVersion
from mypolis.insurance.coverage.plan_books.book import json_schema
from mypolis.insurance.coverage.plan_books.loading import load_book
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on
from mypolis.membership.people.models import Membership
from tests.cast import AYU, BUDI, on_file
from tests.coverage.books import GOLD, HEALTH, REMOVED, book, loaded, written
from tests.house.places import REFERENCE

pytestmark = pytest.mark.django_db
DEAR = ((*GOLD, "limits", 0, "amount"), 2000)


def member(plan: str, somebody: Any = BUDI) -> Membership:
    """Put somebody on file with this text in the plan column."""
    membership = on_file(somebody).memberships.select_related("policy").get()
    membership.plan = plan
    membership.save()
    return membership


def versions(plan: str = "gold") -> list[tuple[int, str]]:
    rows = PlanVersion.objects.filter(plan__key=plan).order_by("number")
    return [(row.number, row.effective.isoformat()) for row in rows]


def test_the_same_again_makes_no_version_even_under_a_later_day(tmp_path: Path) -> None:
    assert loaded(tmp_path).new == ["health/gold", "health/bare"]
    assert loaded(tmp_path).unchanged == ["health/gold", "health/bare"]
    assert loaded(tmp_path, (("effective",), "2021-01-01")).unchanged == ["health/gold", "health/bare"]
    assert versions() == [(1, "2020-01-01")]
    assert Event.objects.filter(kind="plan.version_added").count() == 2


def test_what_changed_gets_a_version_and_what_did_not_gets_none(tmp_path: Path) -> None:
    loaded(tmp_path)
    report = loaded(tmp_path, DEAR, (("effective",), "2026-07-01"))
    assert (report.changed, report.unchanged) == (["health/gold"], ["health/bare"])
    assert versions() == [(1, "2020-01-01"), (2, "2026-07-01")]


def test_a_correction_of_the_same_day_wins_and_going_back_is_a_version_too(tmp_path: Path) -> None:
    membership = member("Gold")
    for changes in ([], [DEAR], []):
        loaded(tmp_path, *changes)
    assert versions() == [(1, "2020-01-01"), (2, "2020-01-01"), (3, "2020-01-01")]
    plan = plan_on(membership, date(2026, 1, 1))
    assert plan is not None
    assert plan.limits_on("doctor")[1].size == 1000


def test_a_change_in_mid_year_holds_from_its_day_on(tmp_path: Path) -> None:
    membership = member("Gold")
    loaded(tmp_path)
    loaded(tmp_path, DEAR, (("effective",), "2026-07-01"))
    sizes = [plan_on(membership, day) for day in (date(2019, 12, 31), date(2026, 6, 30), date(2026, 7, 1))]
    assert [plan and int(plan.limits_on("doctor")[1].size) for plan in sizes] == [None, 1000, 2000]


def test_a_dry_run_tells_and_leaves_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "book.json", book())
    report = load_book(market="id", book=path, by=SYSTEM, dry_run=True)
    assert report.new == ["health/gold", "health/bare"]
    assert not Plan.objects.exists()
    assert not Event.objects.filter(kind="plan.version_added").exists()


def test_members_whose_plan_no_book_knows_are_told_by_word_and_number(tmp_path: Path) -> None:
    member("Gold")
    member("Diamond", BUDI.but(given_name="Two", participant_number="2"))
    member("Diamond", BUDI.but(given_name="Three", participant_number="3"))
    member("", BUDI.but(given_name="Four", participant_number="4"))
    member("Diamond", BUDI.but(given_name="Gone", participant_number="5", end=-1))
    assert loaded(tmp_path).unknown == [("group", "", 1), ("group", "Diamond", 2)]


@pytest.mark.parametrize("word", ["Gold", "GOLD", "plan gold", "Plan-Gold ", "plan_gold"])
def test_a_plan_is_known_by_any_of_its_names_however_written(word: str, tmp_path: Path) -> None:
    loaded(tmp_path)
    plan = plan_on(member(word), date(2026, 1, 1))
    assert plan is not None
    assert plan.key == "gold"


def test_a_name_under_another_type_of_policy_is_another_plan(tmp_path: Path) -> None:
    loaded(tmp_path, ((*HEALTH, "policy_types"), ["group"]))
    assert plan_on(member("Gold", AYU), date(2026, 1, 1)) is None
    assert plan_on(member("Gold"), date(2026, 1, 1)) is not None


def test_a_plan_left_out_of_a_new_book_stands_and_is_told(tmp_path: Path) -> None:
    membership = member("Bare")
    loaded(tmp_path)
    report = loaded(tmp_path, ((*HEALTH, "plans", "bare"), REMOVED))
    assert report.left_out == ["health/bare"]
    assert plan_on(membership, date(2026, 1, 1)) is not None


def test_a_name_that_a_new_book_gives_to_another_plan_is_that_ones(tmp_path: Path) -> None:
    membership = member("Bare")
    loaded(tmp_path)
    swapped = ((*GOLD, "roster_names"), ["Bare"]), ((*HEALTH, "plans", "bare", "roster_names"), ["Gold"])
    loaded(tmp_path, *swapped)
    plan = plan_on(membership, profile_of("id").today() + timedelta(days=1))
    assert plan is not None
    assert plan.key == "gold"


def test_books_of_several_products_stand_side_by_side_under_the_same_words(tmp_path: Path) -> None:
    """A roster name belongs to a plan under one policy type, so another book's names for other types stay."""
    group, alone = member("Gold"), member("Gold", AYU)
    loaded(tmp_path, ((*HEALTH, "policy_types"), ["group"]))
    other = book(((*HEALTH, "policy_types"), ["individual"]))
    other["products"] = {"travel": other["products"]["health"]}
    load_book(market="id", book=written(tmp_path / "other.json", other), by=SYSTEM)
    plans = [plan_on(one, date(2026, 1, 1)) for one in (group, alone)]
    assert [plan and plan.product for plan in plans] == ["health", "travel"]


@pytest.mark.parametrize("change", ["UPDATE coverage_planversion SET content = ''", "DELETE FROM coverage_planversion"])
def test_versions_are_never_changed_or_removed(change: str, tmp_path: Path) -> None:
    loaded(tmp_path)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    with pytest.raises(TypeError, match="append-only"):
        PlanVersion.objects.all()[0].delete()


def test_a_book_says_which_papers_a_claim_in_the_portal_replaces(tmp_path: Path) -> None:
    loaded(tmp_path, (("documents", "receipt", "replaced"), "true"))
    plan = plan_on(member("gold"), profile_of("id").today())
    assert plan is not None
    assert {document.replaced for benefit in plan.benefits for document in benefit.documents} == {True}


def test_the_schema_is_published_in_the_docs_and_by_the_api(client: Client) -> None:
    kept = json.loads((REFERENCE / "plan-book.schema.json").read_text())
    assert kept == json_schema(), "run: mypolis cover schema > docs/reference/plan-book.schema.json"
    assert client.get("/api/v1/schemas/plan-book.json").json() == kept
