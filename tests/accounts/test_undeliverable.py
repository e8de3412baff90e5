"""What does not arrive: who is told, who is not, what stops, and what makes it good again."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.notices.bounces import Bounce, Cause, bounced
from mypolis.foundation.notices.models import Message, State
from mypolis.membership.accounts.contact_points.email_confirmation import (
    ask_to_confirm,
    confirm_email,
    find_confirmation,
)
from mypolis.membership.accounts.messages import notify
from mypolis.membership.accounts.models import Account, ContactPoint
from mypolis.membership.accounts.usernames.reminders import send_username
from mypolis.membership.accounts.usernames.username_campaigns import campaign_of_today, issue_usernames
from tests.cast import ANNA, BUDI, on_file
from tests.doors import ApiDoor, Door, PageDoor
from tests.post import Post
from tests.registration.steps import card_form, open_form, register, sign_in


def _comes_back(address: str, *, market: str = "", cause: Cause = "bounced", at: datetime | None = None) -> None:
    bounced(Bounce(address=address, market=market, cause=cause, at=at or timezone.now()), by=SYSTEM)


def _is_told(door: Door) -> bool:
    """Whether the code's page, or document, says that nothing arrives there."""
    door.look()
    if isinstance(door, ApiDoor):
        return bool(door.document["step"]["undeliverable"])
    return "не дошло" in door.shown() or "не доставлено" in door.shown() or "could not deliver" in door.shown()


def _member(client: Client, post: Post) -> Account:
    on_file(BUDI)
    register(PageDoor(client), post, BUDI)
    return Account.objects.get()


# The code's page


def test_a_number_on_file_that_gets_nothing_is_told_to_nobody_who_did_not_type_it(client: Client, post: Post) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    register(door, post, ANNA)
    door.start("ru", "recover")
    door.answer("identity", mobile=ANNA.mobile, birth_date=ANNA.birth_date)
    Message.objects.update(receipt="undeliverable")

    assert not _is_told(door)


def test_who_typed_the_number_is_told_that_nothing_arrives_there(client: Client, post: Post) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form())
    post.deliver()
    assert not _is_told(door)

    Message.objects.update(receipt="undeliverable")
    assert _is_told(door)

    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        door.resend()
        assert _is_told(door), "nothing is known of the new one yet"
        post.deliver()
        newest = Message.objects.latest("created_at")
        Message.objects.filter(pk=newest.pk).update(receipt="delivered")
        assert not _is_told(door)


def test_the_page_says_so_in_words(client: Client, post: Post) -> None:
    on_file(ANNA)
    client.cookies["lang"] = "en"
    door = PageDoor(client)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form())
    post.deliver()
    Message.objects.update(receipt="undeliverable")

    page = client.get("/ru/register/open/", headers={"accept-language": "en"}).content.decode()

    assert "We could not deliver the SMS to this number" in page


def test_an_address_that_the_mail_server_refused_is_told_too(client: Client, db: None) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    message = Message.objects.get()
    message.close(State.GIVEN_UP)

    assert _is_told(door)


# Bounces


@pytest.mark.parametrize("address", ["Budi.else@mail.example", "budi", ""])
def test_the_address_of_nobody_marks_nothing(client: Client, post: Post, address: str) -> None:
    _member(client, post)

    _comes_back(address)

    assert not ContactPoint.objects.exclude(undeliverable_since=None).exists()


def test_a_bounce_in_one_market_marks_nothing_in_another(client: Client, post: Post) -> None:
    _member(client, post)

    _comes_back(BUDI.email, market="rs")

    assert not ContactPoint.objects.exclude(undeliverable_since=None).exists()


def test_an_old_bounce_says_nothing_of_an_address_confirmed_later(client: Client, post: Post) -> None:
    _member(client, post)

    _comes_back(BUDI.email, at=timezone.now() - timedelta(minutes=5))

    assert not ContactPoint.objects.exclude(undeliverable_since=None).exists()


def test_a_bounce_marks_the_address_once_with_an_event(client: Client, post: Post) -> None:
    account = _member(client, post)

    for _again in range(2):
        _comes_back(BUDI.email.upper(), cause="complained")

    point = account.contact_points.get(kind="email")
    assert point.undeliverable_since is not None
    event = Event.objects.get(kind="contact.bounced")
    assert (event.market, event.facts) == ("id", {"cause": "complained"})
    assert event.subject == f"accounts.contactpoint:{point.pk}"


def test_service_mail_stops_and_goes_by_sms_where_there_is_a_number(client: Client, post: Post) -> None:
    on_file(ANNA)
    register(PageDoor(client), post, ANNA)
    account = Account.objects.get()
    account.contact_points.filter(kind="email").update(confirmed_at=timezone.now())
    _comes_back(ANNA.email)

    notify(Account.objects.get(), "password-changed", {}, by=SYSTEM)

    post.deliver()
    assert (post.letters[-1].template, post.letters[-1].to) == ("password-changed", ANNA.mobile)


def test_new_usernames_report_members_whose_mail_comes_back(client: Client, post: Post) -> None:
    account = _member(client, post)
    _comes_back(BUDI.email)

    issuing = issue_usernames(market="id", campaign=campaign_of_today("id"), by=SYSTEM)

    assert (issuing.issued, issuing.no_address) == (0, (account.pk,))


def test_what_a_person_asks_for_is_still_tried(client: Client, post: Post) -> None:
    _member(client, post)
    _comes_back(BUDI.email)

    send_username(account=Account.objects.get(), market="id", language="en", by=SYSTEM)

    assert post.to(BUDI.email)[0].template == "username"


def test_the_member_is_asked_for_another_address_at_home_and_by_the_api(client: Client, post: Post) -> None:
    _member(client, post)
    english = {"accept-language": "en"}
    assert "does not reach you" not in client.get("/id/home/", headers=english).content.decode()
    _comes_back(BUDI.email)

    page = client.get("/id/home/", headers=english).content.decode()

    assert "Our emails are not reaching you" in page
    assert BUDI.email not in page


def test_a_code_that_arrived_clears_the_mark(client: Client, post: Post) -> None:
    _member(client, post)
    _comes_back(BUDI.email)
    username = Account.objects.get().username_or_none
    assert username
    door = ApiDoor(Client())

    sign_in(door, post, BUDI, username)

    point = ContactPoint.objects.get(kind="email")
    assert point.undeliverable_since is None
    _comes_back(BUDI.email, at=timezone.now() - timedelta(seconds=30))  # the old report, played again
    point.refresh_from_db()
    assert point.undeliverable_since is None


def test_a_confirmation_clears_the_mark(client: Client, post: Post) -> None:
    account = _member(client, post)
    _comes_back(BUDI.email)
    point = account.contact_points.get(kind="email")
    ask_to_confirm(point=point, name="Budi", by=SYSTEM)
    token = post.to(BUDI.email)[0].links[0].rpartition("/")[2]
    confirmation = find_confirmation(token, market="id")
    assert confirmation is not None

    assert confirm_email(confirmation=confirmation, by=SYSTEM)

    point.refresh_from_db()
    assert point.undeliverable_since is None
    assert point.confirmed_at is not None
    assert point.confirmed_at > timezone.now() - timedelta(seconds=30)


def test_the_api_tells_the_member_too(client: Client, post: Post) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    register(door, post, ANNA)
    _comes_back(ANNA.email)

    me = client.get("/api/v1/ru/me", headers={"Authorization": f"Bearer {door.access}"}).json()

    assert me["email_undeliverable"] is True
