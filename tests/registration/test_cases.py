"""Cases of the journeys that are the same in every market, through both doors; `docs/reference/cases.md` lists all."""

import copy
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.notices.models import Message
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Person
from mypolis.membership.roster.flows import invite
from tests.cast import ALI, ANNA, BUDI, JELENA, PASSWORD, on_file
from tests.doors import ApiDoor, Door
from tests.post import Post
from tests.registration.steps import card_form, client_form, open_form

LINK_FORM = ("policy_number", "mobile", "password", "password_repeat", "accept_rules", "accept_personal_data")


def other_device(door: Door) -> Door:
    """Another person or another device: the same kind of door, without cookies and tokens."""
    return type(door)(Client())


def second_tab(door: Door) -> Door:
    """A second tab of the same browser, or the same app again."""
    tab = copy.copy(door)
    tab.client = Client()
    tab.client.cookies = copy.deepcopy(door.client.cookies)
    return tab


def invited(post: Post) -> str:
    """Invite Ali. Returns the token of his link."""
    person = on_file(ALI)
    invite(market="ru", person_ids=[person.pk], by=SYSTEM)
    return post.to(ALI.email)[0].links[0].rpartition("/")[2]


def through_the_link(door: Door, post: Post, token: str) -> Any:
    """Register with a link, to the last page."""
    door.start("ru", "register", "invitation", invitation=token)
    form = open_form(ALI, policy_number=ALI.policy_number)
    reply = door.answer("identity", **{name: form[name] for name in LINK_FORM})
    return door.answer("code", code=post.code(ALI.mobile)) if reply.step == "code" else reply


def test_a_link_that_a_scanner_opened_is_still_good_and_works_on_any_device(door: Door, post: Post, db: None) -> None:
    token = invited(post)
    for _look in range(3):
        assert Client().get(f"/ru/i/{token}").status_code == 200
        assert Client().head(f"/ru/i/{token}").status_code == 200
    assert not Journey.objects.exists()
    door.start("ru", "register", "invitation", invitation=token)  # opened here, used on another device
    elsewhere = other_device(door)
    assert through_the_link(elsewhere, post, token).status == 200
    assert elsewhere.is_signed_in()
    assert Account.objects.get().mailable_address == ALI.email, "the link proved the address"


def test_a_link_that_was_used_says_so_and_leads_to_signin(door: Door, post: Post) -> None:
    token = invited(post)
    through_the_link(door, post, token)
    reply = other_device(door).start("ru", "register", "invitation", invitation=token)
    assert reply.status == 410
    assert "invitation-used" in reply.text if isinstance(door, ApiDoor) else "/ru/signin/" in reply.text
    assert Account.objects.count() == 1


def test_a_corrected_address_kills_the_link_that_went_to_the_old_one(door: Door, post: Post) -> None:
    old = invited(post)
    person = Person.objects.get()
    person.email = "ali.new@example.test"
    person.write_keys()
    person.save()
    invite(market="ru", person_ids=[person.pk], by=SYSTEM)
    new = post.to("ali.new@example.test")[0].links[0].rpartition("/")[2]
    assert door.start("ru", "register", "invitation", invitation=old).status == 410
    assert through_the_link(door, post, new).status == 200


def test_a_policy_of_next_month_is_not_found_until_it_begins(door: Door, post: Post) -> None:
    on_file(ANNA.but(start=30))
    door.start("ru", "register", "open")
    assert door.answer("identity", **open_form(ANNA)).codes == {"no_match"}
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        later = other_device(door)
        later.start("ru", "register", "open")
        assert later.answer("identity", **open_form(ANNA)).step == "code"


def test_a_code_of_another_journey_is_refused(door: Door, post: Post) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(ANNA))
    first = post.code(ANNA.mobile)
    other = other_device(door)
    other.start("ru", "register", "open")
    other.answer("identity", **open_form(ANNA))
    second = post.code(ANNA.mobile)
    assert first != second
    assert other.answer("code", code=first).errors == {("code", "wrong")}
    assert other.answer("code", code=second).status == 200


def test_back_after_every_step_shows_what_was_typed_and_never_a_password(door: Door, post: Post) -> None:
    on_file(BUDI)
    door.start("id", "register")
    door.answer("policy-type", policy_type="group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    door.answer("code", code=post.code(BUDI.email))
    door.answer("username")
    assert door.back("username").step == "username"
    assert door.back("licence").step == "licence"
    assert door.value("accept_licence") is True
    assert door.back("identity").step == "identity"
    assert door.value("policy_number") == BUDI.policy_number
    assert door.value("email") == BUDI.email
    assert door.back("policy-type").step == "policy-type"
    assert door.value("policy_type") == "group"
    door.start("ru", "register", "open")
    on_file(ANNA)
    door.answer("identity", **open_form(ANNA))
    back = door.back("identity")
    assert door.value("surname") == ANNA.surname
    assert not door.value("password")
    assert PASSWORD not in back.text


def test_two_tabs_make_one_account(door: Door, post: Post) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(ANNA))
    tab, code = second_tab(door), post.code(ANNA.mobile)
    assert door.answer("code", code=code).status == 200
    late = tab.answer("code", code=code)
    assert late.status in (200, 409)  # the page shows the current step, the API says that the journey is over
    assert Account.objects.count() == 1
    assert not (late.result or {}).get("access_token")


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_the_same_answer_sent_again_has_no_second_effect(door: Door, post: Post, market: str) -> None:
    somebody, way, form = {
        "rs": (JELENA, "client", lambda: client_form(email="new@example.test")),
        "id": (BUDI, "group", card_form),
        "ru": (ANNA, "open", open_form),
    }[market]
    on_file(somebody)
    door.start(market, "register", way)
    answers = form()  # type: ignore[operator]
    assert door.answer("identity", **answers).step in ("code", "licence")
    before = (Journey.objects.count(), Message.objects.count(), Event.objects.count())
    again = door.answer("identity", **answers)
    assert again.status == (409 if isinstance(door, ApiDoor) else 200)
    assert again.step in ("code", "licence")
    assert (Journey.objects.count(), Message.objects.count(), Event.objects.count()) == before


def test_an_address_that_begins_too_many_journeys_is_held_up_and_others_are_not(
    door: Door, post: Post, settings: Any
) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": 0.003})
    token = invited(post)
    crowd = [type(door)(Client(REMOTE_ADDR="203.0.113.5")) for _visit in range(4)]
    replies = [_begin(one) for one in crowd]
    assert [reply.status for reply in replies] == [422, 422, 422, 429]
    assert _begin(type(door)(Client(REMOTE_ADDR="203.0.113.6"))).status == 422
    colleague = type(door)(Client(REMOTE_ADDR="203.0.113.5"))
    assert through_the_link(colleague, post, token).status == 200, "others never block an invitation"


def _begin(door: Door) -> Any:
    started = door.start("ru", "signin")
    return started if started.status == 429 else door.answer("credentials", mobile="", password="")
