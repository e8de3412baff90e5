"""Attacks by patient strangers. Each of them once worked, and none does now."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.journeys.models import Journey
from mypolis.membership.accounts.models import Account, ContactPoint, OneTimeCode
from mypolis.membership.consents.models import Consent
from mypolis.membership.people.models import Person
from mypolis.membership.roster.invitations import invite
from tests.cast import ANNA, BUDI, JELENA, PASSWORD, TICKS, VERA, on_file
from tests.doors import ApiDoor, Door, PageDoor
from tests.post import Post
from tests.registration.steps import card_form, client_form, open_form, register, solved


def test_an_address_that_used_up_its_failures_cannot_go_on_guessing(client: Client, db: None, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": 0.005})
    on_file(ANNA)
    door = ApiDoor(client)
    door.start("ru", "register", "open")
    for day in range(10, 30):
        door.answer("identity", **open_form(birth_date=f"1970-01-{day}"))
    assert door.answer("identity", **open_form()).status == 429


def test_another_spelling_is_the_same_try(client: Client, db: None) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    door.start("id", "register", "group")
    spellings = ["GRP-88", "grp-88", "GRP 88", "g.r.p.88", "GRP/88"]
    for number in range(10):
        spelt = card_form(policy_number=spellings[number % 5], birth_date=f"1980-01-{number + 10}")
        assert door.answer("identity", **spelt).status == 422
    assert door.answer("identity", **card_form()).status == 429


def test_in_serbia_many_ids_beside_one_mobile_are_many_tries(client: Client, db: None) -> None:
    on_file(JELENA)
    door = ApiDoor(client)
    door.start("rs", "register")
    for serial in range(10):
        head = f"060199971{serial:03}"
        total = sum(int(digit) * weight for digit, weight in zip(head, (7, 6, 5, 4, 3, 2) * 2, strict=True))
        number = f"{head}{-total % 11 % 10}"
        assert door.answer("identity", **client_form(national_id=number)).status == 422
    assert door.answer("identity", **client_form()).status == 429


@pytest.mark.parametrize("right_first", [True, False])
def test_recovery_counts_what_was_typed_and_never_who_it_is(client: Client, post: Post, right_first: bool) -> None:
    on_file(ANNA)
    register(ApiDoor(Client()), post, ANNA)
    door = ApiDoor(client)
    dates = [ANNA.birth_date, "1999-01-01"]
    seen = []
    for number, born in enumerate(dates if right_first else dates[::-1]):
        door.start("ru", "recover")
        door.answer("identity", mobile=ANNA.mobile, birth_date=born)
        door.answer("code", code="000000")
        seen.append(door.document["step"]["attempts_left"])
        assert seen[-1] == 4 - number


def test_recovery_stops_after_as_many_codes_for_a_stranger_as_for_a_member(
    client: Client, post: Post, settings: Any
) -> None:
    on_file(ANNA)
    register(ApiDoor(Client()), post, ANNA)
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_codes_per_day": 3})
    statuses, now = {}, timezone.now()
    for born in ("1999-01-01", ANNA.birth_date):
        mobile = ANNA.mobile if born == ANNA.birth_date else "+79165550000"
        door = ApiDoor(client)
        found = []
        for hour in range(4):
            with time_machine.travel(now + timedelta(hours=hour * 2), tick=False):
                door.start("ru", "recover")
                found.append(door.answer("identity", mobile=mobile, birth_date=born).status)
        statuses[born] = found
    assert statuses["1999-01-01"] == statuses[ANNA.birth_date] == [200, 200, 200, 429]


def test_one_person_gets_ten_codes_a_day_whatever_the_number(client: Client, db: None) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    door.start("ru", "register", "open")
    for number in range(10):
        assert door.answer("identity", **open_form(mobile=f"+791600000{number:02}")).step == "code"
        door.back("identity")
    assert door.answer("identity", **open_form(mobile="+79160000099")).status == 429


def test_a_code_for_ones_own_phone_gives_no_new_tries_at_the_email_code(client: Client, post: Post) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(mobile="+79160000001"))
    door.answer("code", code=post.code("+79160000001"))
    for _try in range(4):
        door.answer("email-code", code="000000")
    door.back("code")
    door.answer("code", code=post.code("+79160000001"))
    assert door.document["step"]["name"] == "email-code"
    assert door.document["step"]["attempts_left"] == 1


class TestTheHolderOfALink:
    """Nobody else can block the holder of a link."""

    def start(self, door: Door, post: Post) -> str:
        person = on_file(ANNA)
        invite(market="ru", person_ids=[person.pk], by=SYSTEM)
        token = post.to(ANNA.email)[0].links[0].rsplit("/", 1)[1]
        door.start("ru", "register", "invitation", invitation=token)
        return token

    def form(self, **changes: Any) -> dict[str, Any]:
        own = {"policy_number": ANNA.policy_number, "mobile": "+79160000003"}
        return {**own, "password": PASSWORD, "password_repeat": PASSWORD, **TICKS, **changes}

    def test_a_stranger_who_burns_tries_burns_their_own(self, door: Door, post: Post) -> None:
        self.start(door, post)
        stranger = ApiDoor(Client())
        stranger.start("ru", "register", "open")
        stranger.answer("identity", **open_form(mobile="+79169990000"))
        for _try in range(6):
            stranger.answer("code", code="000000")
        door.answer("identity", **self.form())
        assert door.answer("code", code=post.code("+79160000003")).status == 200

    def test_mistakes_on_the_page_start_one_journey_and_not_many(self, client: Client, post: Post) -> None:
        door = PageDoor(client)
        token = self.start(door, post)
        for _try in range(3):
            door.address = f"/ru/i/{token}"
            assert door.answer("identity", **self.form(password_repeat="other")).status == 422
        assert Journey.objects.count() == 1

    def test_another_device_on_a_link_used_meanwhile_is_told_so(self, client: Client, post: Post) -> None:
        door, other = ApiDoor(client), ApiDoor(Client())
        token = self.start(door, post)
        other.start("ru", "register", "invitation", invitation=token)
        door.answer("identity", **self.form())
        door.answer("code", code=post.code("+79160000003"))
        assert other.answer("identity", **self.form()).status == 410

    def test_the_name_stands_on_the_page_but_not_in_the_history(self, client: Client, post: Post) -> None:
        door = PageDoor(client)
        token = self.start(door, post)
        page = client.get(f"/ru/i/{token}").content.decode()
        title = page[page.index("<title>") : page.index("</title>")]
        assert "Сергеевна" in page
        assert "Сергеевна" not in title


def test_what_the_ledger_says_was_shown_was_shown(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    door.answer("licence", accept_licence=True)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    door.answer("code", code=post.code(BUDI.email))
    door.answer("username")
    door.answer("password", password=PASSWORD, password_repeat=PASSWORD)
    assert Consent.objects.get().language == "id"


def test_an_address_that_the_list_changed_meanwhile_is_not_taken_for_proven(door: Door, post: Post) -> None:
    on_file(BUDI)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    code = post.code(BUDI.email)
    person = Person.objects.get()
    person.email = "other@example.test"
    person.write_keys()
    person.save()
    reply = door.answer("code", code=code)
    assert (reply.status, reply.step) == (422, "identity")
    assert not ContactPoint.objects.exists()


def test_an_email_that_was_typed_after_the_sms_code_must_be_free_too(door: Door, post: Post) -> None:
    on_file(VERA)
    register(door, post, VERA)
    ContactPoint.objects.filter(kind="email").update(confirmed_at=timezone.now())
    door.sign_out()
    on_file(ANNA)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(mobile="+79160000001"))
    door.answer("code", code=post.code("+79160000001"))
    door.back("identity")
    door.answer("identity", **open_form(mobile=ANNA.mobile, email=VERA.email))
    reply = door.answer("code", code=post.code(ANNA.mobile))
    assert "taken" in reply.codes
    assert Account.objects.count() == 1


def test_back_at_a_code_a_new_one_is_sent(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    door.answer("code", code=post.code(BUDI.email))
    assert door.back("code").step == "code"
    assert OneTimeCode.objects.count() == 2
    assert door.answer("code", code=post.code(BUDI.email)).step == "username"


def test_a_right_code_for_a_taken_number_costs_no_try(client: Client, post: Post) -> None:
    on_file(VERA)
    register(ApiDoor(Client()), post, VERA)
    on_file(ANNA)
    door = ApiDoor(client)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(mobile=VERA.mobile))
    assert "taken" in door.answer("code", code=post.code(VERA.mobile)).codes
    assert door.document["step"]["attempts_left"] == 5


def test_the_page_says_why_somebody_is_back_at_the_beginning(client: Client, post: Post) -> None:
    on_file(ANNA)
    door = PageDoor(client)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form())
    Person.objects.get().memberships.update(end=timezone.localdate() - timedelta(days=2))
    reply = door.answer("code", code=post.code(ANNA.mobile))
    assert reply.status == 422
    assert "notice tone-warn" in reply.text
    assert "Соколова" in reply.text


def test_a_shared_browser_shows_the_last_members_username_to_nobody(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = PageDoor(client)
    register(door, post, BUDI)
    username = door.shown()
    assert username in client.get("/id/register/group/").content.decode()
    kept = client.cookies["journey-register-id"].value
    door.sign_out()
    client.cookies["journey-register-id"] = kept
    assert username not in client.get("/id/register/group/").content.decode()


@pytest.mark.parametrize("password", ["GRP-88 GRP-88 GRP-88", "000123 000123 1990", "Santoso Budi Santoso"])
def test_a_password_may_not_be_made_of_the_numbers_on_the_card(client: Client, post: Post, password: str) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    door.answer("code", code=post.code(BUDI.email))
    door.answer("username")
    assert door.answer("password", password=password, password_repeat=password).status == 422


def test_a_newer_temporary_password_ends_the_older_one(client: Client, post: Post) -> None:
    on_file(JELENA)
    door = ApiDoor(client)
    register(door, post, JELENA)
    found = []
    for _recovery in range(2):
        door.start("rs", "recover")
        form = {"national_id": JELENA.national_id, "policy_number": JELENA.policy_number, "email": ""}
        door.answer("identity", **form, captcha=solved("rs"))
        text = post.to(JELENA.email)[0].text
        found.append(next(word.strip("*`") for word in text.split() if word.count("-") == 3))
    door.start("rs", "signin")
    assert door.answer("credentials", email=JELENA.email, password=found[0]).status == 422
    assert door.answer("credentials", email=JELENA.email, password=found[1]).step == "code"


def test_a_password_changed_meanwhile_ends_a_sign_in_under_way(client: Client, post: Post) -> None:
    on_file(ANNA)
    register(ApiDoor(Client()), post, ANNA)
    thief = ApiDoor(client)
    thief.start("ru", "signin")
    thief.answer("credentials", mobile=ANNA.mobile, password=PASSWORD)
    code = post.code(ANNA.mobile)
    Account.objects.update(password_hash="changed")
    assert "bad_credentials" in thief.answer("code", code=code).codes
    assert not thief.access


def test_a_confirmation_link_is_good_for_as_long_as_the_address_stands(client: Client, post: Post) -> None:
    on_file(ANNA)
    register(PageDoor(client), post, ANNA)
    link = post.to(ANNA.email)[0].links[0].split("localhost:8000")[1]
    with time_machine.travel(timezone.now() + timedelta(days=800), tick=False):
        assert client.post(link).status_code == 200


def test_a_member_whose_cover_ended_gets_their_username_all_the_same(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    register(door, post, BUDI)
    Person.objects.get().memberships.update(end=timezone.localdate() - timedelta(days=2))
    door.start("id", "recover-username", "group")
    door.answer("identity", **card_form())
    assert "username" in [letter.template for letter in post.to(BUDI.email)]
