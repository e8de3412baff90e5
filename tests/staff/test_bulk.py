"""An act on many rows: a preview says what will be done and what not, and why; each row is checked again."""

from typing import Any

import pytest
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.staff.entrance.sessions import end_all
from mypolis.foundation.staff.lists.bulk import MOST_ROWS
from mypolis.foundation.staff.models import StaffSession
from mypolis.foundation.staff.team.role_changes import give_role
from tests.journeys.test_races import at_once
from tests.staff.world import Colleague, at_desk, colleague

pytestmark = pytest.mark.django_db

PAGE = "/desk/rs/team/end-sessions/"


@pytest.fixture
def ana() -> Colleague:
    """An administrator."""
    return colleague("Ana", "administrator")


def signed_in_colleague(name: str, market: str = "rs") -> Colleague:
    """Somebody who is signed in at the desk."""
    one = colleague(name, "assessor", market=market)
    at_desk(one)
    return one


def is_signed_in(one: Colleague) -> bool:
    """Whether they have a session."""
    return StaffSession.objects.active(timezone.now()).filter(account=one.account).exists()


def chosen(*people: Colleague, act: str = "") -> dict[str, Any]:
    """The form with these rows."""
    return {"row": [str(one.account.pk) for one in people], **({"act": act} if act else {})}


@pytest.mark.parametrize("rows", [[], ["", "x", "٣", "9" * 40, "-1"], ["987654"]])
def test_without_rows_nothing_is_done(ana: Colleague, rows: list[str]) -> None:
    vesna = signed_in_colleague("Vesna")
    answer = at_desk(ana).post(PAGE, {"row": rows, "act": "do"})
    assert answer.status_code == 422
    assert "choose at least one" in answer.content.decode()
    assert is_signed_in(vesna)


def test_colleagues_of_other_markets_are_not_found(ana: Colleague) -> None:
    budi = signed_in_colleague("Budi", market="id")
    assert at_desk(ana).post(PAGE, chosen(budi, act="do")).status_code == 422
    assert is_signed_in(budi)


def test_the_preview_says_why_rows_are_left_alone_and_does_nothing(ana: Colleague) -> None:
    vesna, away, both = signed_in_colleague("Vesna"), colleague("Mika", "agent"), signed_in_colleague("Rada")
    give_role(account=both.account, market="id", role="assessor", by=ana.actor)
    page = at_desk(ana).post(PAGE, chosen(ana, vesna, away, both)).content.decode()
    will, will_not = page.split("Will not be done")
    assert "Vesna" in will
    assert 'name="row" value' in will_not
    assert will_not.count('name="row"') == 1
    assert "your own sessions" in will_not
    assert "Is signed in nowhere." in will_not
    assert "all the markets" in will_not
    assert is_signed_in(vesna)


def test_the_act_ends_sessions_and_leaves_alone_what_changed_after_the_preview(ana: Colleague) -> None:
    vesna, mika = signed_in_colleague("Vesna"), signed_in_colleague("Mika")
    browser = at_desk(ana)
    assert "Will be done" in browser.post(PAGE, chosen(vesna, mika)).content.decode()
    end_all(account=mika.account, by=ana.actor)
    page = browser.post(PAGE, chosen(vesna, mika, ana, act="do")).content.decode()
    done, not_done = page.split("Not done")
    assert "Vesna" in done
    assert "Mika" in not_done
    assert "your own sessions" in not_done
    assert not is_signed_in(vesna)
    assert is_signed_in(ana)


def test_the_result_says_again_what_the_preview_left_alone_and_does_not_do_it(ana: Colleague) -> None:
    vesna, mika = signed_in_colleague("Vesna"), colleague("Mika", "agent")
    browser = at_desk(ana)
    assert f'name="left" value="{mika.account.pk}"' in browser.post(PAGE, chosen(vesna, mika)).content.decode()
    at_desk(mika)  # now it could be done, but the preview said no
    sent = {**chosen(vesna, act="do"), "left": [str(mika.account.pk), str(ana.account.pk)]}
    done, not_done = browser.post(PAGE, sent).content.decode().split("Not done")
    assert "Vesna" in done
    assert "Mika" in not_done
    assert "changed after the preview" in not_done
    assert "your own sessions" in not_done
    assert is_signed_in(mika)


def test_no_more_rows_than_a_page_can_show(ana: Colleague) -> None:
    vesna = signed_in_colleague("Vesna")
    rows = [str(1_000_000 + number) for number in range(MOST_ROWS)] + [str(vesna.account.pk)]
    assert at_desk(ana).post(PAGE, {"row": rows, "act": "do"}).status_code == 422
    assert is_signed_in(vesna)


def test_the_preview_asks_the_same_for_one_and_for_many(ana: Colleague, django_assert_max_num_queries: Any) -> None:
    people = [signed_in_colleague(f"Colleague{number}") for number in range(12)]
    browser = at_desk(ana)
    with django_assert_max_num_queries(9):
        assert "Colleague11" in browser.post(PAGE, chosen(*people)).content.decode()


def test_only_who_manages_staff_can_choose() -> None:
    page = at_desk(colleague("Olga", "auditor")).get("/desk/rs/team/").content.decode()
    assert 'type="checkbox"' not in page


@pytest.mark.django_db(transaction=True)
def test_two_administrators_end_the_same_sessions_at_once(ana: Colleague) -> None:
    olga, vesna = colleague("Olga", "administrator"), signed_in_colleague("Vesna")
    one, two = at_desk(ana), at_desk(olga)
    at_once(lambda: one.post(PAGE, chosen(vesna, act="do")), lambda: two.post(PAGE, chosen(vesna, act="do")))
    assert not is_signed_in(vesna)
    assert Event.objects.filter(kind="staff.signed_out", subject__endswith=f":{vesna.account.pk}").count() == 1
