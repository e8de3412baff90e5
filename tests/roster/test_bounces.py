"""Bounced invitations: the link ends, the report names the row, and another address gets a new invitation."""

from datetime import timedelta

from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.notices.bounces import Bounce, bounced
from mypolis.membership.people.models import Person
from mypolis.membership.roster.flows import invite
from mypolis.membership.roster.models import BouncedAddress, Invitation
from tests.roster.cast import ANNA, PYOTR, Load, person

TO_PYOTR = str(PYOTR["email"])


def _comes_back(address: str, *, market: str = "ru", hours_ago: int = 0) -> None:
    at = timezone.now() - timedelta(hours=hours_ago)
    bounced(Bounce(address=address, market=market, cause="bounced", at=at), by=SYSTEM)


def test_an_address_to_which_nobody_was_invited_is_not_noted(load_rows: Load) -> None:
    load_rows("ru", ANNA)

    for address, market, hours_ago in (
        ("else@example.test", "ru", 0),
        (TO_PYOTR, "ru", 0),
        (str(ANNA["email"]), "id", 0),
    ):
        _comes_back(address, market=market, hours_ago=hours_ago)
    _comes_back(str(ANNA["email"]), hours_ago=1)  # before the invitation

    assert not BouncedAddress.objects.exists()
    assert Invitation.objects.get().state == "open"


def test_the_link_ends_and_the_next_report_names_the_row(load_rows: Load) -> None:
    load_rows("ru", ANNA, PYOTR)
    _comes_back(TO_PYOTR.upper())

    report = load_rows("ru", ANNA, PYOTR)

    assert (report.sent, report.withheld) == (0, ((3, "bounced_email"),))
    assert "came back" in report.as_text()
    assert TO_PYOTR not in report.as_text()
    assert Invitation.objects.get(person__given_name="Пётр").state == "voided"
    assert Event.objects.filter(kind="invitation.bounced").count() == 1


def test_another_address_in_the_list_is_invited(load_rows: Load) -> None:
    load_rows("ru", PYOTR)
    _comes_back(TO_PYOTR)

    report = load_rows("ru", person(PYOTR, email="pyotr.new@example.test"))

    assert (report.sent, report.withheld) == (1, ())


def test_who_asks_for_it_again_gets_another_link_to_the_same_address(load_rows: Load) -> None:
    load_rows("ru", PYOTR)
    _comes_back(TO_PYOTR)

    invited = invite(market="ru", person_ids=[Person.objects.get().pk], by=SYSTEM, again=True)

    assert (invited.sent, invited.withheld) == (1, ())
