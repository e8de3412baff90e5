"""The pages about a person: what staff see there, what they do not, and what the person sees of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events.kinds import all_kinds
from mypolis.foundation.events.models import Event
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.staff.team.role_changes import take_role
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.sessions.devices import sign_in
from mypolis.membership.family.jobs import forget_viewings
from mypolis.membership.family.models import StaffViewing
from mypolis.membership.people.models import Membership, Person
from mypolis.offices.desk.person.event_words import ACTOR_WORDS, EVENT_WORDS
from tests.cast import BUDI, JELENA, MARKO, on_file
from tests.offices.test_search import account
from tests.staff.world import Colleague, at_desk, colleague
from tests.test_query_counts import asked

pytestmark = pytest.mark.django_db

PAGES = ("", "account/", "history/")


@pytest.fixture
def mila() -> Colleague:
    """An agent in Serbia."""
    return colleague("Mila", "agent")


@pytest.fixture
def jelena() -> Person:
    """Jelena, with an account."""
    person = on_file(JELENA)
    account(person, {"email": "jelena@example.test", "mobile": "+381641234567"})
    return person


def page(browser: Client, person: Person, part: str = "") -> str:
    """A page about a person."""
    answer = browser.get(f"/desk/rs/people/{person.pk}/{part}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("part", PAGES)
@pytest.mark.parametrize("role", ["editor", "auditor", "administrator"])
def test_roles_that_do_not_help_members_see_nobody(jelena: Person, role: Any, part: str) -> None:
    answer = at_desk(colleague("Vuk", role)).get(f"/desk/rs/people/{jelena.pk}/{part}")
    assert answer.status_code == 404
    assert not StaffViewing.objects.exists()


@pytest.mark.parametrize("part", PAGES)
def test_somebody_of_another_market_is_not_found(mila: Colleague, part: str) -> None:
    budi = on_file(BUDI)
    assert at_desk(mila).get(f"/desk/rs/people/{budi.pk}/{part}").status_code == 404
    assert at_desk(mila).get(f"/desk/id/people/{budi.pk}/{part}").status_code == 404
    assert at_desk(mila).get(f"/desk/rs/people/987654/{part}").status_code == 404
    assert not StaffViewing.objects.exists()


def test_a_role_taken_away_ends_with_the_next_page(mila: Colleague, jelena: Person) -> None:
    browser = at_desk(mila)
    page(browser, jelena)
    take_role(account=StaffAccount.objects.get(pk=mila.account.pk), market="rs", role="agent", by=mila.actor)
    assert browser.get(f"/desk/rs/people/{jelena.pk}/").status_code == 404


@pytest.mark.parametrize("part", PAGES)
def test_a_name_is_shown_as_text(mila: Colleague, part: str) -> None:
    person = on_file(JELENA.but(given_name="<script>alert(1)</script>", surname="Bobić"))
    shown = page(at_desk(mila), person, part)
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown


def test_the_page_shows_covers_and_family_but_no_whole_national_id(mila: Colleague, jelena: Person) -> None:
    on_file(MARKO)
    shown = page(at_desk(mila), jelena)
    for expected in ("Jelena Petrović", "RS-2001", "Marko Petrović", "•••••••••0135"):
        assert expected in shown, expected
    assert "0601999710135" not in shown


def test_claims_are_listed_without_what_was_treated(mila: Colleague, jelena: Person) -> None:
    cover = Membership.objects.get(person=jelena)
    more = {"provider": "Dom zdravlja", "diagnosis": "bronhitis", "benefit": "psychiatry"}
    Claim.objects.create(market="rs", membership=cover, number="C-2026-0000017", state="waiting_for_member", **more)
    Claim.objects.create(market="rs", membership=cover, **more)
    for role in ("agent", "operator", "assessor", "senior-assessor"):
        shown = page(at_desk(colleague(role.title().replace("-", ""), role)), jelena)
        assert shown.count("C-2026-0000017") == 1
        assert "Waits for the member" in shown
        assert not [word for word in ("Dom zdravlja", "bronhitis", "psychiatry") if word in shown]


def test_the_account_page_shows_contacts_and_devices(mila: Colleague, jelena: Person) -> None:
    browser = at_desk(mila)
    assert "Signed in" not in page(browser, jelena, "account/")
    sign_in(account=jelena.account, known=None, by=mila.actor)
    shown = page(browser, jelena, "account/")
    for expected in ("jelena@example.test", "+381641234567", "not confirmed", "Signed in"):
        assert expected in shown, expected
    marko = on_file(MARKO)
    assert "has no account yet" in page(browser, marko, "account/")


def test_the_history_tells_events_in_plain_words(mila: Colleague, jelena: Person) -> None:
    sign_in(account=jelena.account, known=None, by=mila.actor)
    page(at_desk(mila), jelena)
    shown = page(at_desk(mila), jelena, "history/")
    assert "Staff looked at the data" in shown
    assert "Signed in" in shown
    assert "account.signed_in" not in shown


def test_every_event_about_a_person_has_words() -> None:
    about = {"people.person", "people.membership", "accounts.account", "accounts.contactpoint"}
    kinds = {str(one) for one in all_kinds().values() if one.about & about}
    assert kinds - EVENT_WORDS.keys() == set()
    assert {by for one in all_kinds().values() for by in one.by} <= ACTOR_WORDS.keys()


def test_a_look_is_recorded_once_an_hour_for_each_colleague(mila: Colleague, jelena: Person) -> None:
    browser = at_desk(mila)
    for part in PAGES:
        page(browser, jelena, part)
    assert StaffViewing.objects.count() == 1
    event = Event.objects.get(kind="person.viewed")
    assert (event.actor_id, event.subject) == (str(mila.account.pk), f"people.person:{jelena.pk}")
    page(at_desk(colleague("Iva", "assessor")), jelena)
    assert sorted(StaffViewing.objects.values_list("role", flat=True)) == ["agent", "assessor"]
    earlier = timezone.now() - timedelta(hours=1)
    StaffViewing.objects.update(hour=earlier.replace(minute=0, second=0, microsecond=0))
    page(browser, jelena)
    assert StaffViewing.objects.count() == 3


def test_the_member_sees_the_role_and_never_the_name(mila: Colleague, jelena: Person) -> None:
    page(at_desk(mila), jelena)
    member = Client(headers={"accept-language": "en"})
    member.cookies["session-rs"] = sign_in(account=jelena.account, known=None, by=mila.actor).access_token
    shown = member.get("/rs/family/seers/")
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "An agent of your insurer" in text
    assert "Mila" not in text


def test_old_looks_are_forgotten(mila: Colleague, jelena: Person) -> None:
    page(at_desk(mila), jelena)
    StaffViewing.objects.update(at=timezone.now() - timedelta(days=401))
    forget_viewings(timestamp=0)
    assert not StaffViewing.objects.exists()
    assert Event.objects.filter(kind="family.viewings_forgotten").exists()


@pytest.mark.parametrize("part", PAGES)
def test_a_page_takes_at_most_fifteen_statements(mila: Colleague, jelena: Person, part: str) -> None:
    for number in range(3):
        on_file(MARKO.but(birth_date=f"1990-01-0{number + 1}", national_id=""))
        on_file(JELENA.but(policy_number=f"RS-300{number}"))
    browser = at_desk(mila)
    with asked() as found:
        page(browser, jelena, part)
    assert len(found) <= 15, "\n".join(found.statements)
