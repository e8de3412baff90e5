"""Personal links: who gets none, whose link ends, and whose stays valid."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.notices.models import Message
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership, Person, Policy
from mypolis.membership.roster.flows import find_invitation, invite, invite_due, use_invitation
from mypolis.membership.roster.invitations import InvitationError
from mypolis.membership.roster.models import Invitation
from tests.clock import TODAY
from tests.roster.cast import ANNA, BUDI, HR, PYOTR, VERA, Load, person

pytestmark = pytest.mark.usefixtures("at_noon")
YESTERDAY = str(TODAY - timedelta(days=1))
TOMORROW = str(TODAY + timedelta(days=1))
LONG_AGO = "2020-01-01"


def link_to(name: str) -> Invitation:
    return Invitation.objects.filter(person__given_name=name).latest("pk")


def token_in_mail() -> str:
    message = Message.objects.latest("created_at")
    assert message.context is not None
    return str(message.context["url"]).rpartition("/")[2]


def register(name: str) -> Account:
    who = Person.objects.get(given_name=name)
    return Account.objects.create(market=who.market, person=who, password_hash="x", language="ru")


def test_of_two_with_one_address_nobody_is_invited_and_both_are_told(load_rows: Load) -> None:
    report = load_rows("ru", ANNA, PYOTR, person(VERA, email="PYOTR@Example.Test"))
    assert report.sent == 1
    assert report.withheld == ((3, "shared_email"), (4, "shared_email"))
    assert link_to("Анна").state == "open"


def test_an_address_shared_with_somebody_in_an_earlier_list_is_shared(load_rows: Load) -> None:
    load_rows("ru", PYOTR, employer="romashka")
    spouse = person(VERA, email="pyotr@example.test", policy_number="ДМС-900")
    report = load_rows("ru", spouse, employer="lastochka")
    assert (report.sent, report.withheld) == (0, ((2, "shared_email"),))
    assert link_to("Пётр").state == "voided"


def test_an_address_shared_with_a_member_is_shared(load_rows: Load) -> None:
    load_rows("ru", PYOTR)
    register("Пётр")
    report = load_rows("ru", PYOTR, person(VERA, email="pyotr@example.test"))
    assert report.withheld == ((3, "shared_email"),)


def test_an_address_shared_with_somebody_terminated_only_is_not_shared(load_rows: Load) -> None:
    gone = person(PYOTR, start=LONG_AGO, end=YESTERDAY)
    report = load_rows("ru", gone, person(VERA, email="pyotr@example.test"))
    assert (report.sent, report.withheld) == (1, ())
    assert link_to("Вера").state == "open"


def test_without_an_address_there_is_no_link(load_rows: Load) -> None:
    report = load_rows("ru", person(ANNA, email=""))
    assert (report.sent, report.withheld) == (0, ((2, "no_email"),))


@pytest.mark.parametrize(("start", "end"), [(LONG_AGO, YESTERDAY), (TOMORROW, "")])
def test_whoever_is_not_covered_today_gets_no_link(load_rows: Load, start: str, end: str) -> None:
    report = load_rows("ru", person(ANNA, start=start, end=end))
    assert (report.loaded, report.sent, report.withheld) == (1, 0, ())


def test_a_market_without_invitations_sends_none(load_rows: Load) -> None:
    report = load_rows("id", BUDI)
    assert (report.sent, report.withheld, Message.objects.count()) == (0, (), 0)


def test_a_member_gets_no_link(load_rows: Load) -> None:
    load_rows("ru", person(ANNA, email=""))
    register("Анна")
    assert load_rows("ru", ANNA).sent == 0


def test_a_terminated_persons_link_dies(load_rows: Load) -> None:
    load_rows("ru", person(ANNA, start=LONG_AGO, end=""))
    token = token_in_mail()
    load_rows("ru", person(ANNA, start=LONG_AGO, end=YESTERDAY))
    invitation = find_invitation(token, "ru")
    assert invitation is not None
    assert invitation.state == "voided"
    with pytest.raises(InvitationError):
        use_invitation(invitation, by=HR)
    assert Message.objects.get().state == "withdrawn"


def test_a_link_dies_on_the_day_after_the_cover_without_a_new_list(load_rows: Load) -> None:
    load_rows("ru", ANNA)
    link = link_to("Анна")
    link.person.memberships.update(start=LONG_AGO, end=YESTERDAY)
    assert link_to("Анна").state == "voided"


def test_a_corrected_address_voids_the_link_and_sends_another(load_rows: Load) -> None:
    load_rows("ru", ANNA)
    old = token_in_mail()
    report = load_rows("ru", person(ANNA, email="anna.s@example.test"))
    assert (report.updated, report.sent) == (1, 1)
    invitation = find_invitation(old, "ru")
    assert invitation is not None
    assert invitation.state == "voided"
    new = find_invitation(token_in_mail(), "ru")
    assert new is not None
    assert (new.state, new.email_key) == ("open", "anna.s@example.test")


@pytest.mark.parametrize(
    "correction",
    [{"mobile": "+79260000000"}, {"surname": "Белова"}, {"plan": "Gold"}, {"email": "ANNA@example.test"}],
)
def test_a_correction_that_leaves_the_address_leaves_the_link(load_rows: Load, correction: dict[str, str]) -> None:
    load_rows("ru", ANNA, employer="romashka")
    token = token_in_mail()
    report = load_rows("ru", ANNA | correction, employer="romashka")
    assert (report.updated, report.sent) == (1, 0)
    invitation = find_invitation(token, "ru")
    assert invitation is not None
    assert invitation.state == "open"


def test_an_address_that_became_unique_brings_the_link(load_rows: Load) -> None:
    load_rows("ru", PYOTR, person(VERA, email="pyotr@example.test"))
    report = load_rows("ru", PYOTR, VERA)
    assert (report.sent, report.withheld) == (2, ())


def test_a_second_run_sends_nothing_and_tells_the_same(load_rows: Load) -> None:
    rows = ANNA, PYOTR, person(VERA, email="pyotr@example.test")
    first = load_rows("ru", *rows)
    second = load_rows("ru", *rows)
    assert (second.unchanged, second.sent, second.withheld) == (3, 0, first.withheld)
    assert Message.objects.count() == 1


def test_a_link_of_another_market_is_unknown(load_rows: Load) -> None:
    load_rows("ru", ANNA)
    assert find_invitation(token_in_mail(), "id") is None
    assert find_invitation("no such token", "ru") is None


def test_a_link_after_its_life_is_expired_and_not_sent_again_unasked(load_rows: Load) -> None:
    load_rows("ru", ANNA)
    Invitation.objects.update(expires_at=timezone.now())
    assert link_to("Анна").state == "expired"
    assert load_rows("ru", ANNA).sent == 0
    anna = Person.objects.get()
    assert invite(market="ru", person_ids={anna.pk}, by=HR, again=True).sent == 1
    assert link_to("Анна").state == "open"


def test_a_link_is_used_once(load_rows: Load) -> None:
    load_rows("ru", ANNA)
    invitation = find_invitation(token_in_mail(), "ru")
    assert invitation is not None
    use_invitation(invitation, by=HR)
    assert invitation.state == "used"
    with pytest.raises(InvitationError) as refused:
        use_invitation(invitation, by=HR)
    assert refused.value.state == "used"
    assert Event.objects.filter(kind="invitation.used").count() == 1


def test_whoever_is_covered_from_tomorrow_is_invited_tomorrow(load_rows: Load) -> None:
    load_rows("ru", person(ANNA, start=TOMORROW))
    assert invite_due(market="ru", by=HR).sent == 0
    Membership.objects.update(start=TODAY)
    Policy.objects.update(start=TODAY)
    assert invite_due(market="ru", by=HR).sent == 1
    assert invite_due(market="ru", by=HR).sent == 0


def test_the_letter_holds_what_it_needs_and_events_hold_no_token(load_rows: Load) -> None:
    load_rows("ru", ANNA, employer="romashka")
    message = Message.objects.get()
    assert message.context is not None
    assert message.context["name"] == "Анна Сергеевна"
    assert (message.context["policy_number"], message.context["employer"]) == ("ДМС-204/7", "romashka")
    assert f"/ru/i/{token_in_mail()}" in str(message.context["url"])
    assert token_in_mail() not in str(list(Event.objects.values()))
