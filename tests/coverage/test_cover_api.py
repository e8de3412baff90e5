"""A member's own cover as JSON, in their language, with what is left. Nothing of anybody else is shown."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mypolis.insurance.coverage.models import Entry, FeedLoad
from mypolis.membership.people.models import Membership
from tests.cast import ANNA, BUDI, on_file
from tests.clock import TODAY
from tests.coverage.books import HEALTH, loaded
from tests.coverage.members import insured, reserved, used
from tests.doors import ApiDoor
from tests.members import enrol
from tests.post import Post
from tests.test_query_counts import count

pytestmark = pytest.mark.usefixtures("at_noon")


class Member:
    """A signed-in member of the Indonesian market with a plan."""

    def __init__(self, folder: Path, plan: str = "Gold") -> None:
        loaded(folder)
        on_file(BUDI)
        door = ApiDoor(Client())
        enrol(door, BUDI)
        self.client = Client(headers={"Authorization": f"Bearer {door.access}", "Accept-Language": "en"})
        self.membership = Membership.objects.select_related("policy", "person").get()
        self.membership.plan = plan
        self.membership.save()

    def get(self, address: str, status: int = 200, **more: Any) -> Any:
        response = self.client.get(f"/api/v1/id/{address}", **more)
        assert response.status_code == status, response.content
        return response.json()

    def limits(self, benefit: str) -> dict[str, Any]:
        return {limit["key"]: limit for limit in self.get(f"benefits/{benefit}")["limits"]}


@pytest.fixture
def budi(post: Post, tmp_path: Path) -> Member:
    return Member(tmp_path)


def test_policies_are_listed_with_their_plan_those_of_today_first(budi: Member) -> None:
    on_file(BUDI.but(policy_number="GRP-OLD", start=-300, end=-20))
    on_file(BUDI.but(policy_number="GRP-NEXT", start=20))
    policies = budi.get("policies")["policies"]
    assert [(policy["number"], policy["status"]) for policy in policies] == [
        ("GRP-88", "active"), ("GRP-NEXT", "future"), ("GRP-OLD", "ended"),
    ]  # fmt: skip
    first = policies[0]
    assert (first["plan"], first["product"], first["participant_number"]) == ("Gold", "Health", "000123")
    assert budi.get(f"policies/{first['id']}")["policy"] == first


def test_cover_says_what_is_used_reserved_and_left(budi: Member) -> None:
    used(budi.membership, "drugs", 250, day=TODAY)
    reserved(budi.membership, "doctor", 150, day=TODAY, visit="V1")
    (cover,) = budi.get("cover")["covers"]
    assert (cover["plan"]["name"], cover["plan"]["currency"], cover["message"]) == ("Gold", "IDR", None)
    doctor, drugs, *_others = cover["benefits"]
    year = {limit["key"]: limit for limit in doctor["limits"]}["outpatient.year.amount"]
    assert (year["used"], year["reserved"], year["left"]) == ("250.00", "150.00", "600.00")
    assert (year["text"], year["left_text"], year["shared_with"]) == (
        "IDR\u00a01,000 a year",
        "IDR\u00a0600",
        ["drugs"],
    )
    assert (year["first_day"], year["last_day"]) == (f"{TODAY.year}-01-01", f"{TODAY.year}-12-31")
    assert {limit["key"] for limit in drugs["limits"]} == {"drugs.year.amount", "outpatient.year.amount"}


def test_a_limit_that_is_whole_each_time_has_nothing_used(budi: Member) -> None:
    used(budi.membership, "doctor", 150, day=TODAY, visit="V1")
    visit = budi.limits("doctor")["doctor.visit.amount"]
    assert visit["text"] == "IDR\u00a0200 for each visit"
    assert (visit["used"], visit["reserved"], visit["left"], visit["first_day"]) == (None, None, None, None)


def test_a_benefit_tells_its_conditions_and_what_to_do(budi: Member) -> None:
    Membership.objects.update(start=TODAY - timedelta(days=10))
    birth = budi.get("benefits/birth")
    assert (birth["waiting_days"], birth["waits_until"]) == (280, (TODAY + timedelta(days=270)).isoformat())
    doctor = budi.get("benefits/doctor")
    assert (doctor["what_to_do"], doctor["reimbursement"], doctor["waits_until"]) == ("Call us.", "80", None)
    assert doctor["documents"] == [{"key": "receipt", "name": "Receipt"}]
    assert doctor["network"]["name"] == "Inner"
    teeth = budi.get("benefits/teeth")
    assert (teeth["copayment"], teeth["limits"][0]["family"]) == ({"percent": "20", "cap": "50"}, True)


def test_a_family_sees_what_is_left_for_all_of_it(budi: Member) -> None:
    Membership.objects.update(employee_number="E1")
    used(insured("Siti", family="E1"), "teeth", 120, day=TODAY)
    assert budi.limits("teeth")["teeth.year.amount.family"]["left"] == "180.00"


def test_texts_come_in_the_language_that_is_asked_for(budi: Member, tmp_path: Path) -> None:
    loaded(tmp_path, ((*HEALTH, "benefits", "doctor", "name"), {"id": "Dokter", "en": "Doctor"}))
    names = [budi.get("benefits/doctor", headers={"Accept-Language": one})["name"] for one in ("id", "en", "ru")]
    assert names == ["Dokter", "Doctor", "Dokter"]


def test_a_policy_whose_plan_no_book_knows_is_shown_without_benefits_and_with_a_sentence(
    post: Post, tmp_path: Path
) -> None:
    budi = Member(tmp_path, plan="Diamond")
    (cover,) = budi.get("cover")["covers"]
    assert (cover["plan"], cover["benefits"], cover["policy"]["plan"]) == (None, [], "Diamond")
    assert "Please ask us" in cover["message"]


def test_numbers_are_as_of_the_core_systems_last_word(budi: Member) -> None:
    FeedLoad.objects.create(market="id", as_of="2026-01-05T06:00:00Z", rows=0, taken=0, repeated=0, refused=0)
    FeedLoad.objects.create(market="ru", as_of="2026-02-05T06:00:00Z", rows=0, taken=0, repeated=0, refused=0)
    assert budi.get("cover")["covers"][0]["as_of"] == "2026-01-05T06:00:00Z"


def test_of_a_cover_that_has_ended_the_last_plan_and_year_are_shown(budi: Member) -> None:
    used(budi.membership, "drugs", 250, day=TODAY - timedelta(days=30))
    Membership.objects.update(end=TODAY - timedelta(days=20))
    assert budi.get("cover") == {"covers": []}
    cover = budi.get(f"policies/{budi.membership.pk}")
    assert (cover["policy"]["status"], len(cover["benefits"])) == ("ended", 5)


@pytest.mark.parametrize("address", ["policies", "policies/1", "cover", "benefits/doctor"])
def test_a_stranger_is_told_to_sign_in(address: str, client: Client, db: None) -> None:
    assert client.get(f"/api/v1/id/{address}").status_code == 401


def test_what_is_not_ones_own_or_not_there_is_not_found(budi: Member) -> None:
    other = insured("Siti", plan="Gold")
    foreign = on_file(ANNA).memberships.get()
    assert budi.get(f"policies/{budi.membership.pk}")
    for policy in (other.pk, foreign.pk, 0, "x", "9" * 30, "%D9%A1", "-1", f"{budi.membership.pk}x"):
        budi.get(f"policies/{policy}", 404)
    for benefit in ("spa", "doctor%00", "%F0%9F%92%A9", f"doctor?policy={other.pk}", "doctor?policy=x"):
        budi.get(f"benefits/{benefit}", 404)
    assert budi.get(f"benefits/doctor?policy={budi.membership.pk}")


def test_a_token_of_one_market_opens_nothing_in_another(budi: Member) -> None:
    assert budi.client.get("/api/v1/ru/cover").status_code == 401


def test_the_database_is_asked_the_same_for_one_policy_and_a_short_ledger_as_for_many(budi: Member) -> None:
    Membership.objects.update(employee_number="E1")
    addresses = ("policies", "cover", "benefits/doctor", f"policies/{budi.membership.pk}")
    few = [count(budi.client, f"/api/v1/id/{address}") for address in addresses]
    assert few == [8, 8, 8, 9]
    fill(budi)
    assert [count(budi.client, f"/api/v1/id/{address}") for address in addresses] == few


def fill(budi: Member) -> None:
    """Add twenty policies, and a hundred entries for each of two."""
    for number in range(20):
        on_file(BUDI.but(policy_number=f"GRP-{number}", start=-number - 1))
    Membership.objects.update(plan="Gold", employee_number="E1")
    first, second, *_others = Membership.objects.filter(person=budi.membership.person).select_related("policy")
    for number in range(100):
        used(first, "drugs", 1, day=TODAY - timedelta(days=number))
        used(second, "doctor", 1, day=TODAY)
    assert Entry.objects.count() == 200
