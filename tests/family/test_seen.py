"""Who sees whom, with a database and through every door. Nobody sees more than the rules allow. Refusals come first."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market
from mypolis.membership.family.access import NotSeen, covers_seen, may_see, people_seen_by, person_seen
from mypolis.membership.family.flows import MayNotHide, keep_private
from mypolis.membership.family.models import Privacy, Viewing
from mypolis.membership.family.relations.rules import birthday
from mypolis.membership.people.models import Person
from mypolis.membership.roster.flows import load
from tests.clock import coming, stopped_at
from tests.family.home import ADDRESS, Asker, account, aged, insure, person, policy
from tests.test_query_counts import asked

pytestmark = pytest.mark.django_db

DETAILS = (*("policies", "policies/{row}", "cover", "cards", "cards/{row}", "cards/{row}/looks", "cards/{row}/pdf"),)


@pytest.fixture
def mira() -> Asker:
    """A mother who holds a policy."""
    who = person("Mira", aged(44))
    insure(who, policy(), "policyholder")
    return Asker(account(who))


def child(name: str = "Luka", years: int = 9, *, in_days: int = 0, relation: str = "child") -> Person:
    """Somebody on Mira's policy."""
    who = person(name, aged(years, in_days=in_days))
    insure(who, policy(), relation)
    return who


def answers(asker: Asker, whose: Person) -> set[int]:
    """The statuses of all calls about this person's details."""
    row = whose.memberships.latest("pk").pk
    return {asker.get(f"{path.format(row=row)}?whose={whose.pk}").status_code for path in DETAILS}


def test_a_stranger_sees_no_family(db: None) -> None:
    assert Client().get("/api/v1/rs/family").status_code == 401
    for path in ("", "share/", "share/sent/", "seers/", "people/1/"):
        answer = Client().get(f"/rs/family/{path}")
        assert (answer.status_code, answer["Location"]) == (302, "/rs/signin/")


def test_who_stands_alone_has_no_family(mira: Asker) -> None:
    assert mira.seen() == {}
    assert mira.page("family/").status_code == 200


def test_a_parent_sees_a_child_and_the_card(mira: Asker) -> None:
    luka = child()
    assert mira.seen() == {"Luka": ("parent", "all")}
    (card,) = mira.get(f"cards?whose={luka.pk}").json()["cards"]
    assert (card["state"], card["name"]) == ("to_activate", "Luka Marić")
    activated = mira.post(f"cards/{card['id']}/activate?whose={luka.pk}", {"accept_card": True})
    assert activated.json()["state"] == "active"
    assert mira.get(f"cards/{card['id']}/qr?whose={luka.pk}").status_code == 200
    assert answers(mira, luka) == {200}


def test_without_saying_whose_it_is_the_members_own_and_nobody_elses(mira: Asker) -> None:
    child()
    assert len(mira.get("policies").json()["policies"]) == 1
    assert mira.get(f"policies?whose={mira.account.person_id}").json() == mira.get("policies").json()
    assert not Viewing.objects.exists()


def test_the_address_of_a_policy_or_card_says_whose_it_is(still: None, mira: Asker) -> None:
    row, stranger = child().memberships.get().pk, person("Goran", aged(30))
    insure(stranger, policy(number="B-2"), "policyholder")
    for path in ("policies/{}", "cards/{}"):
        assert mira.get(path.format(row)).status_code == 200
        assert mira.get(path.format(stranger.memberships.get().pk)).status_code == 404
    for path in ("cover/{}/", "card/{}/"):
        assert mira.page(path.format(row)).status_code == 200
        assert mira.page(path.format(stranger.memberships.get().pk)).status_code == 404
    assert Viewing.objects.count() == 2


def test_an_adult_is_a_name_whatever_the_relation(mira: Asker) -> None:
    for relation in ("spouse", "parent", "other", "child"):
        who = child(relation.capitalize(), 40 if relation != "child" else 18, relation=relation)
        assert answers(mira, who) == {404}
        assert mira.page(f"family/people/{who.pk}/").status_code == 200
    assert {sight for _as, sight in mira.seen().values()} == {"name"}
    for one in mira.get("family").json()["people"]:
        assert (one["state"], one["may"], one["has_account"], one["of_age_on"]) == (None, [], False, None)
    account(Person.objects.get(given_name="Spouse"))
    assert [one["has_account"] for one in mira.get("family").json()["people"] if one["relation"] == "spouse"] == [True]
    assert not Viewing.objects.exists()


def test_the_page_of_an_adult_holds_nothing_of_their_cover(mira: Asker) -> None:
    luka = child(years=30, relation="spouse")
    luka.memberships.update(plan="Secret plan", participant_number="77-SECRET")
    page = mira.page(f"family/people/{luka.pk}/").content.decode()
    assert "Luka" in page
    assert "SECRET" not in page.upper()
    assert "F-1" not in page


def test_a_child_sees_nobody_and_a_dependant_neither(mira: Asker) -> None:
    luka, ana = child(), child("Ana", 41, relation="spouse")
    for who in (luka, ana):
        asker = Asker(account(who))
        assert asker.seen() == {}
        assert asker.get(f"cover?whose={mira.account.person_id}").status_code == 404
        assert asker.get(f"cover?whose={(ana if who is luka else luka).pk}").status_code == 404


def test_nobody_is_found_by_guessing_and_all_refusals_are_alike(mira: Asker) -> None:
    stranger = person("Olga", aged(8))
    insure(stranger, policy("F-2"), "child")
    adult = child("Ana", 41, relation="spouse")
    said = {
        key: mira.get(f"cards?whose={key}").content
        for key in (stranger.pk, adult.pk, 999_999, "x", "9" * 18, "%D9%A3", "-1")
    }
    assert len(set(said.values())) == 1
    assert {mira.page(f"family/people/{key}/").status_code for key in (stranger.pk, 999_999, "x", "1" * 300)} == {404}


def test_who_is_removed_or_divorced_is_gone_at_once(mira: Asker) -> None:
    luka, ana = child(), child("Ana", 41, relation="spouse")
    yesterday = mira.account.profile.today() - timedelta(days=1)
    for who in (luka, ana):
        who.memberships.update(end=yesterday)
    assert mira.seen() == {}
    assert answers(mira, luka) == {404}
    assert mira.page(f"family/people/{luka.pk}/").status_code == 404


def test_on_the_last_day_a_child_is_still_seen(mira: Asker) -> None:
    luka = child()
    luka.memberships.update(end=mira.account.profile.today())
    assert mira.seen() == {"Luka": ("parent", "all")}


@pytest.mark.parametrize("what", ["end", "cancelled", "own end"])
def test_of_an_ended_policy_no_family_is_seen(mira: Asker, what: str) -> None:
    luka = child()
    yesterday = mira.account.profile.today() - timedelta(days=1)
    if what == "end":
        policy().__class__.objects.update(end=yesterday)
    elif what == "cancelled":
        policy().__class__.objects.update(cancelled_at=timezone.now())
    else:
        mira.account.person.memberships.update(end=yesterday)
    assert mira.seen() == {}
    assert answers(mira, luka) == {404}


def test_a_policy_that_has_not_begun_shows_its_family_as_such(mira: Asker) -> None:
    child()
    policy().__class__.objects.update(start=mira.account.profile.today() + timedelta(days=9))
    assert [one["state"] for one in mira.get("family").json()["people"]] == ["future"]


def test_two_parents_see_the_child_each_on_their_own_policy(mira: Asker) -> None:
    father = person("Goran", aged(46))
    insure(father, policy("F-2"), "policyholder")
    goran, luka = Asker(account(father)), child()
    insure(luka, policy("F-2"), "child")
    for asker, number in ((mira, "F-1"), (goran, "F-2")):
        assert asker.seen() == {"Luka": ("parent", "all")}
        found = asker.get(f"policies?whose={luka.pk}").json()["policies"]
        assert [one["number"] for one in found] == [number]
    other = luka.memberships.get(policy__number="F-2").pk
    assert mira.get(f"policies/{other}?whose={luka.pk}").status_code == 404
    assert mira.get(f"cards/{other}?whose={luka.pk}").status_code == 404


def test_two_holders_of_one_policy_both_see_the_child_and_not_each_other(mira: Asker) -> None:
    father = person("Goran", aged(46))
    insure(father, policy(), "policyholder")
    child()
    assert mira.seen() == Asker(account(father)).seen() == {"Luka": ("parent", "all")}


def test_a_parents_partner_on_the_policy_sees_nobody(mira: Asker) -> None:
    partner = child("Goran", 46, relation="spouse")
    child()
    assert Asker(account(partner)).seen() == {}


def test_a_child_on_two_policies_of_one_parent_is_one_person(mira: Asker) -> None:
    insure(mira.account.person, policy("F-3"), "policyholder")
    luka = child()
    insure(luka, policy("F-3"), "child")
    assert [one["name"] for one in mira.get("family").json()["people"]] == ["Luka Marić"]
    assert len(mira.get(f"policies?whose={luka.pk}").json()["policies"]) == 2


def test_what_a_dependant_has_as_a_member_is_their_own(mira: Asker) -> None:
    """A working seventeen-year-old is a child on the mother's policy and an employee at work."""
    ana = child("Ana", 17)
    insure(ana, policy("G-9", kind="group"), "employee", employee="12")
    found = mira.get(f"policies?whose={ana.pk}").json()["policies"]
    assert [one["number"] for one in found] == ["F-1"]


def test_on_a_group_policy_a_family_shares_the_employee_number() -> None:
    mother, colleague = person("Mira", aged(44)), person("Vesna", aged(50))
    luka, other, lost = person("Luka", aged(9)), person("Iva", aged(7)), person("Ben", aged(5))
    group = policy("G-1", kind="group")
    for who, relation, number in (
        *((mother, "employee", "12"), (luka, "child", "12")),
        *((colleague, "employee", "13"), (other, "child", "13")),
        (lost, "child", ""),
    ):
        insure(who, group, relation, employee=number)
    assert Asker(account(mother)).seen() == {"Luka": ("parent", "all")}
    assert Asker(account(colleague)).seen() == {"Iva": ("parent", "all")}


def test_an_employee_without_a_number_sees_nobody() -> None:
    mother, luka = person("Mira", aged(44)), person("Luka", aged(9))
    group = policy("G-1", kind="group")
    insure(mother, group, "employee")
    insure(luka, group, "child")
    assert Asker(account(mother)).seen() == {}


def test_in_another_market_a_namesake_is_nobodys(mira: Asker) -> None:
    twin = person("Mira", aged(44), code="id")
    insure(twin, policy(code="id"), "policyholder")
    luka = person("Luka", aged(9), code="id")
    insure(luka, policy(code="id"), "child")
    assert mira.seen() == {}
    assert mira.get(f"cover?whose={luka.pk}").status_code == 404
    assert Client().get("/api/v1/id/family", headers=mira.client.headers).status_code == 401


def test_a_dependant_without_a_birth_date_does_not_come_on_file(mira: Asker, tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "list.csv"
    path.write_text("policy_number,national_id,surname,given_name,relation,birth_date\nF-1,,Marić,Luka,child,\n")
    report = load(market="rs", path=path, employer=None, by=ADDRESS)
    assert [(one.column, one.code) for one in report.errors][:1] == [("national_id", "missing")]
    assert mira.seen() == {}


@pytest.mark.parametrize("code", ["rs", "id", "ru"])
def test_a_child_is_of_age_with_the_first_second_of_the_day_where_the_market_is(code: str) -> None:
    midnight = coming(0, zone=market(code).zone)
    born = birthday(midnight.astimezone(market(code).zone).date(), -18)
    mother, luka = person("Mira", aged(44), code=code), person("Luka", born, code=code)
    insure(mother, policy(code=code), "policyholder")
    insure(luka, policy(code=code), "child")
    who = account(mother)
    seen = []
    for moment in (midnight - timedelta(seconds=1), midnight):
        with stopped_at(moment):
            seen.append((person_seen(who, str(luka.pk)).sight, may_see(who, str(luka.pk), "cover")))
    assert seen == [("all", True), ("name", False)]


def test_ahead_of_that_day_the_page_tells(mira: Asker) -> None:
    soon, later = child("Luka", 18, in_days=30), child("Iva", 18, in_days=31)
    days = {one["name"].split()[0]: one["of_age_on"] for one in mira.get("family").json()["people"]}
    assert days == {"Luka": str(mira.account.profile.today() + timedelta(days=30)), "Iva": None}
    assert "Uskoro punoletstvo" in mira.page(f"family/people/{soon.pk}/").content.decode()
    assert "Uskoro punoletstvo" not in mira.page(f"family/people/{later.pk}/").content.decode()


def test_from_sixteen_on_one_may_keep_it_private_and_show_it_again(mira: Asker) -> None:
    luka = child(years=16)
    young = Asker(account(luka))
    assert young.put("family/privacy", {"is_private": True}).json() == {"is_private": True, "may_keep_private": True}
    assert young.put("family/privacy", {"is_private": True}).status_code == 200
    assert mira.seen() == {"Luka": ("parent", "state")}
    (one,) = mira.get("family").json()["people"]
    assert (one["state"], one["may"]) == ("active", [])
    assert answers(mira, luka) == {404}
    assert "F-1" not in mira.page(f"family/people/{luka.pk}/").content.decode()
    assert young.put("family/privacy", {"is_private": False}).status_code == 200
    assert mira.seen() == {"Luka": ("parent", "all")}
    assert list(Event.objects.filter(kind__startswith="family.").values_list("kind", flat=True)) == [
        "family.hidden",
        "family.shown",
    ]
    assert Privacy.objects.filter(ended_at=None).count() == 0


@pytest.mark.parametrize(("years", "in_days"), [(16, 1), (18, 0), (40, 0)])
def test_neither_the_young_nor_adults_keep_anything_private(mira: Asker, years: int, in_days: int) -> None:
    luka = child(years=years, in_days=in_days)
    young = Asker(account(luka))
    assert young.put("family/privacy", {"is_private": True}).status_code == 409
    assert young.press("family/privacy/", {"private": "yes"}).status_code == 403
    with pytest.raises(MayNotHide):
        keep_private(account=young.account, is_private=True, by=ADDRESS)
    assert not Privacy.objects.exists()


def test_a_corrected_birth_date_takes_the_privacy_of_a_child_back(mira: Asker) -> None:
    luka = child(years=16)
    keep_private(account=account(luka), is_private=True, by=ADDRESS)
    Person.objects.filter(pk=luka.pk).update(birth_date=aged(12))
    assert mira.seen() == {"Luka": ("parent", "all")}


def test_a_child_turned_adult_overnight_is_gone_from_an_open_page(mira: Asker) -> None:
    luka = child(years=18, in_days=1)
    assert mira.get(f"cover?whose={luka.pk}").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert not may_see(mira.account, str(luka.pk), "cover")
        assert [one.sight for one in people_seen_by(mira.account)] == ["name"]


def test_a_viewing_is_noted_once_a_minute_and_told_to_the_young(mira: Asker) -> None:
    luka = child(years=16)
    young = Asker(account(luka))
    with stopped_at(timezone.now()):
        by = Actor("member", str(mira.account.pk))
        for _time in range(3):
            covers_seen(mira.account, str(luka.pk), what="cover", by=by)
        covers_seen(mira.account, str(luka.pk), what="card", by=by)
    viewings = young.get("family/seers").json()["viewings"]
    assert {(one["name"], one["seen_as"], one["what"]) for one in viewings} == {
        ("Mira Marić", "parent", "cover"),
        ("Mira Marić", "parent", "card"),
    }
    event = Event.objects.filter(kind="family.viewed").earliest("pk")
    assert Event.objects.filter(kind="family.viewed").count() == 2
    assert (event.subject, event.facts) == (f"people.person:{luka.pk}", {"seen_as": "parent", "what": "cover"})


def test_what_is_refused_is_not_noted(mira: Asker) -> None:
    ana = child("Ana", 41, relation="spouse")
    with pytest.raises(NotSeen):
        covers_seen(mira.account, str(ana.pk), what="cover", by=ADDRESS)
    assert not Viewing.objects.exists()


def test_a_head_is_no_look(mira: Asker) -> None:
    luka = child()
    assert mira.page_client.head(f"/rs/family/people/{luka.pk}/").status_code == 200
    assert not Viewing.objects.exists()


def test_the_questions_do_not_grow_with_the_family(still: None, mira: Asker) -> None:
    def counts() -> dict[str, int]:
        found = {}
        for path in ("family/", "family/seers/", f"family/people/{first.pk}/"):
            with asked() as queries:
                assert mira.page(path).status_code == 200
            found[path.replace(str(first.pk), "1")] = len(queries)
        for path in ("family", "family/seers", "mandates", f"cover?whose={first.pk}", f"cards?whose={first.pk}"):
            with asked() as queries:
                assert mira.get(path).status_code == 200
            found[path.replace(f"={first.pk}", "")] = len(queries)
        return found

    first = child("Prvi", 3)
    counts()  # records the viewings of this minute
    few = counts()
    assert few == {
        "family/": 5,
        "family/seers/": 5,
        "family/people/1/": 6,
        "family": 4,
        "family/seers": 3,
        "mandates": 3,
        "cover?whose": 7,
        "cards?whose": 7,
    }
    for number in range(12):
        who = child(f"Dete{number}", 3 + number)
        insure(mira.account.person, policy(f"M-{number}"), "policyholder")
        insure(who, policy(f"M-{number}"), "child")
    assert counts() == few
