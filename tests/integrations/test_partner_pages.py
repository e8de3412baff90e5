"""The desk's pages about partners' tokens: administrators see them and end one; nobody else finds the pages."""

from datetime import timedelta

import pytest
from django.test import Client

from mypolis.doors.integrations.flows import end_token, issue_token
from mypolis.doors.integrations.models import PartnerToken
from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.rooms import Role
from tests.staff.world import at_desk, colleague
from tests.test_query_counts import asked

pytestmark = pytest.mark.django_db

OLGA = Actor("staff", "olga")


def token(partner: str = "core", market: str = "rs") -> tuple[PartnerToken, str]:
    return issue_token(market=market, partner=partner, may=["plan-books"], life=timedelta(days=30), by=OLGA)


def is_in(text: str) -> bool:
    answer = Client().get("/api/v1/rs/partner", headers={"authorization": f"Bearer {text}"})
    return answer.status_code == 200


@pytest.mark.parametrize("role", ["agent", "operator", "senior-assessor", "editor", "auditor"])
def test_other_roles_find_no_such_pages(role: Role) -> None:
    made, text = token()
    browser = at_desk(colleague("Vuk", role))
    assert browser.get("/desk/rs/partners/").status_code == 404
    assert browser.post(f"/desk/rs/partners/{made.pk}/end/").status_code == 404
    assert is_in(text)


def test_ending_needs_a_factor_that_was_just_shown() -> None:
    made, text = token()
    at_desk(colleague("Ana", "administrator"), minutes_ago=6).post(f"/desk/rs/partners/{made.pk}/end/")
    assert is_in(text)


def test_a_token_of_another_market_is_not_found() -> None:
    made, _text = token(market="id")
    browser = at_desk(colleague("Ana", "administrator"))
    assert browser.post(f"/desk/rs/partners/{made.pk}/end/").status_code == 404
    assert "core" not in browser.get("/desk/rs/partners/").content.decode()
    assert PartnerToken.objects.get().ended_at is None


def test_a_token_that_ended_meanwhile_ends_once() -> None:
    made, _text = token()
    browser = at_desk(colleague("Ana", "administrator"))
    end_token(market="rs", token_id=made.pk, by=OLGA)
    assert browser.get(f"/desk/rs/partners/{made.pk}/end/")["Location"] == "/desk/rs/partners/"
    page = browser.post(f"/desk/rs/partners/{made.pk}/end/", follow=True)
    assert "of core has ended" in page.content.decode()
    assert Event.objects.filter(kind="partner.token_ended").count() == 1


def test_an_address_cannot_say_that_an_active_token_has_ended() -> None:
    made, _text = token()
    browser = at_desk(colleague("Ana", "administrator"))
    for typed in (str(made.pk), "0", "x", "9" * 30):
        assert "of core has ended" not in browser.get("/desk/rs/partners/", {"ended": typed}).content.decode()


def test_looking_at_the_question_ends_nothing() -> None:
    made, text = token()
    page = at_desk(colleague("Ana", "administrator")).get(f"/desk/rs/partners/{made.pk}/end/")
    assert "cannot be undone" in page.content.decode()
    assert is_in(text)


def test_an_administrator_ends_one_token_and_the_partners_other_one_stays() -> None:
    (first, old), (_second, new) = token(), token()
    ana = colleague("Ana", "administrator")
    page = at_desk(ana).post(f"/desk/rs/partners/{first.pk}/end/", follow=True).content.decode()
    assert f"Token {first.pk} of core has ended." in page
    assert (is_in(old), is_in(new)) == (False, True)
    assert Event.objects.get(kind="partner.token_ended").actor_id == str(ana.account.pk)


def test_an_active_token_is_in_the_list_however_many_newer_ones_have_ended() -> None:
    old, text = token("oldest")
    for _number in range(101):
        end_token(market="rs", token_id=token("newer")[0].pk, by=OLGA)
    browser = at_desk(colleague("Ana", "administrator"))
    page = browser.get("/desk/rs/partners/").content.decode()
    assert f"/desk/rs/partners/{old.pk}/end/" in page
    assert "newer" in page
    browser.post(f"/desk/rs/partners/{old.pk}/end/")
    assert not is_in(text)


def test_the_list_shows_rights_and_no_token_and_takes_as_many_statements_for_many() -> None:
    browser = at_desk(colleague("Ana", "administrator"))
    counts = []
    for _number in range(2):
        made = [token(f"partner-{number}") for number in range(5)]
        with asked() as found:
            page = browser.get("/desk/rs/partners/").content.decode()
        counts.append(len(found))
        assert "Load plan books" in page
        assert not any(text in page for _token, text in made)
    assert counts[0] == counts[1] <= 15
