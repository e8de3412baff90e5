"""One-time codes, with all the rules of the table; through the Indonesian registration and recovery."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.notices.models import Message, State
from mypolis.membership.accounts.models import Account, OneTimeCode
from mypolis.membership.accounts.usernames.username_campaigns import issue_usernames
from tests.cast import ANNA, BUDI, PASSWORD, SITI, on_file
from tests.doors import ApiDoor, Door
from tests.post import Post
from tests.registration.steps import card_form, open_form, register, sign_in


def to_the_code(door: Door) -> None:
    """Budi, as far as the code."""
    on_file(BUDI)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_five_wrong_tries_then_the_right_one_is_refused_until_the_window_ends(door: Door, post: Post) -> None:
    to_the_code(door)
    code = post.code(BUDI.email)
    for _try in range(5):
        assert door.answer("code", code=wrong(code)).errors == {("code", "wrong")}
    assert door.answer("code", code=code).status == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        door.resend()
        assert door.answer("code", code=post.code(BUDI.email)).step == "username"


def test_a_resend_does_not_give_new_tries(client: Client, post: Post) -> None:
    door = ApiDoor(client)
    to_the_code(door)
    code = post.code(BUDI.email)
    for _try in range(3):
        door.answer("code", code=wrong(code))
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        assert door.resend().status == 200
        assert door.document["step"]["attempts_left"] == 2


def test_a_new_journey_does_not_give_new_tries(client: Client, post: Post) -> None:
    door = ApiDoor(client)
    to_the_code(door)
    for _try in range(4):
        door.answer("code", code=wrong(post.code(BUDI.email)))
    other = ApiDoor(Client())
    other.start("id", "register", "group")
    other.answer("identity", **card_form())
    other.answer("licence", accept_licence=True)
    assert other.document["step"]["attempts_left"] == 1


def test_the_old_code_is_void_after_a_resend(door: Door, post: Post) -> None:
    to_the_code(door)
    old = post.code(BUDI.email)
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        assert door.resend().status == 200
        new = post.code(BUDI.email)
        if new != old:
            assert door.answer("code", code=old).errors == {("code", "wrong")}
        assert door.answer("code", code=new).step == "username"


def test_a_resend_before_its_time_is_refused_and_the_wait_grows(door: Door, post: Post) -> None:
    to_the_code(door)
    assert door.resend().status == 429
    start = timezone.now()
    with time_machine.travel(start + timedelta(seconds=31), tick=False):
        assert door.resend().status == 200
    with time_machine.travel(start + timedelta(seconds=31 + 45), tick=False):
        assert door.resend().status == 429
    with time_machine.travel(start + timedelta(seconds=31 + 61), tick=False):
        assert door.resend().status == 200


def test_who_asks_too_early_is_told_in_how_many_seconds_and_not_of_too_many_tries(door: Door, post: Post) -> None:
    door.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    to_the_code(door)
    told = door.resend().text
    assert re.search(r"We have already sent a code\. You can ask for a new one in (30|2\d) seconds\.", told)
    assert "too many tries" not in told
    now = timezone.now()
    for later in (31, 31 + 61, 31 + 61 + 121):
        with time_machine.travel(now + timedelta(seconds=later), tick=False):
            assert door.resend().status == 200
    with time_machine.travel(now + timedelta(seconds=31 + 61 + 122), tick=False):
        assert "You can ask for a new one in 4 minutes." in door.resend().text


def test_a_voided_code_that_still_waits_is_not_sent(door: Door, post: Post) -> None:
    to_the_code(door)
    with time_machine.travel(timezone.now() + timedelta(seconds=31), tick=False):
        door.resend()
    assert sorted(Message.objects.values_list("state", flat=True)) == [State.QUEUED, State.WITHDRAWN]
    assert len(post.deliver()) == 1


def test_a_code_of_another_journey_is_refused(client: Client, post: Post) -> None:
    one, other = ApiDoor(client), ApiDoor(Client())
    to_the_code(one)
    code = post.code(BUDI.email)
    other.start("id", "register", "group")
    other.answer("identity", **card_form())
    other.answer("licence", accept_licence=True)
    post.deliver()
    newest = post.code(BUDI.email)
    if newest != code:
        assert other.answer("code", code=code).errors == {("code", "wrong")}
    assert one.answer("code", code=code).step == "username"


def test_a_code_of_another_step_is_refused(client: Client, post: Post) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(mobile="+79160000001"))
    sms = post.code("+79160000001")
    door.answer("code", code=sms)
    if sms != post.code(ANNA.email):
        assert door.answer("email-code", code=sms).errors == {("code", "wrong")}
    assert door.document["step"]["name"] == "email-code"


@pytest.mark.parametrize("pattern", ["{0}{1}{2} {3}{4}{5}", " {0} {1} {2} {3} {4} {5} ", "{0}{1}{2}-{3}{4}{5}"])
def test_a_code_with_spaces_is_the_same_code(door: Door, post: Post, pattern: str) -> None:
    to_the_code(door)
    assert door.answer("code", code=pattern.format(*post.code(BUDI.email))).step == "username"


def test_five_digits_are_no_code_and_cost_no_try(client: Client, post: Post) -> None:
    door = ApiDoor(client)
    to_the_code(door)
    assert door.answer("code", code="12345").errors == {("code", "invalid")}
    door.look()
    assert door.document["step"]["attempts_left"] == 5


def test_the_life_of_a_code_begins_when_the_provider_took_it(client: Client, post: Post) -> None:
    door = ApiDoor(client)
    to_the_code(door)
    assert door.document["step"]["expires_at"] is None
    post.deliver()
    door.look()
    assert door.document["step"]["expires_at"] is not None


def test_no_code_lives_longer_than_ten_minutes_after_its_request(db: None) -> None:
    now = timezone.now()
    message = Message(taken_at=now + timedelta(minutes=9))
    code = OneTimeCode(message=message, life=timedelta(minutes=5), created_at=now)
    assert code.expires_at == now + timedelta(minutes=10)


def test_a_code_is_kept_as_a_digest_only(door: Door, post: Post) -> None:
    to_the_code(door)
    kept = OneTimeCode.objects.get()
    code = post.code(BUDI.email)
    assert len(bytes(kept.digest)) == 32
    assert code.encode() not in bytes(kept.digest)


def test_back_and_forth_sends_no_second_code_to_the_same_address(door: Door, post: Post) -> None:
    to_the_code(door)
    door.back("licence")
    assert door.answer("licence", accept_licence=True).step == "code"
    assert OneTimeCode.objects.count() == 1


def test_another_number_voids_the_code_that_went_to_the_first(door: Door, post: Post) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(mobile="+79160000001"))
    first = post.code("+79160000001")
    door.back("identity")
    assert door.answer("identity", **open_form(mobile="+79160000002")).step == "code"
    second = post.code("+79160000002")
    if first != second:
        assert door.answer("code", code=first).errors == {("code", "wrong")}
    assert door.answer("code", code=second).step == "email-code"


def test_a_proven_number_stays_proven_when_something_else_changes(door: Door, post: Post) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(mobile="+79160000001"))
    door.answer("code", code=post.code("+79160000001"))
    door.back("identity")
    reply = door.answer("identity", **open_form(mobile="+79160000001", accept_marketing=True))
    assert reply.step == "email-code"


def test_an_unknown_username_walks_the_same_pages_to_a_code_that_nothing_opens(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    register(door, post, BUDI)
    username = door.shown()
    walks = []
    for name in (username, "nobody2345"):
        door.start("id", "recover")
        reply = door.answer("identity", username=name)
        post.deliver()
        door.look()
        step = {**door.document["step"], "expires_at": bool(door.document["step"]["expires_at"])}
        wrong_code = door.answer("code", code="000000")
        walks.append((reply.status, step, wrong_code.status, wrong_code.errors, door.document["path"]))
    assert walks[0] == walks[1]
    assert [letter.template for letter in post.letters].count("code") == 2  # registration's and the member's own


def test_ten_sms_a_day_to_one_number_and_no_more(client: Client, post: Post) -> None:
    on_file(ANNA)
    door, start = ApiDoor(client), timezone.now()
    for journey in range(10):
        with time_machine.travel(start + timedelta(hours=journey * 2), tick=False):
            door.start("ru", "register", "open")
            assert door.answer("identity", **open_form()).step == "code"
    with time_machine.travel(start + timedelta(hours=20), tick=False):
        door.start("ru", "register", "open")
        assert door.answer("identity", **open_form()).status == 429
    assert len(post.to(ANNA.mobile)) == 10
    on_file(SITI)
    door.start("id", "register", "group")
    assert door.answer("identity", **card_form(SITI)).step == "licence"


def test_a_known_device_has_its_own_count_of_tries(client: Client, post: Post) -> None:
    on_file(BUDI)
    member = ApiDoor(client)
    register(member, post, BUDI)
    username = member.shown()
    stranger = ApiDoor(Client())
    stranger.start("id", "recover")
    stranger.answer("identity", username=username)
    for _try in range(5):
        stranger.answer("code", code=wrong(post.code(BUDI.email)))
    assert stranger.answer("code", code="000000").status == 429
    member.start("id", "recover")
    member.answer("identity", username=username)
    assert member.answer("code", code=post.code(BUDI.email)).step == "new-password"


def test_back_to_the_first_number_its_own_code_is_still_good(door: Door, post: Post) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(mobile="+79160000001"))
    first = post.code("+79160000001")
    door.back("identity")
    door.answer("identity", **open_form(mobile="+79160000002"))
    door.back("identity")
    assert door.answer("identity", **open_form(mobile="+79160000001")).step == "code"
    assert OneTimeCode.objects.count() == 2
    assert door.answer("code", code=first).step == "email-code"


@pytest.mark.parametrize("first", ["signin", "recover"])
def test_sign_in_and_recovery_have_tries_of_their_own_however_many_journeys(
    client: Client, post: Post, first: str
) -> None:
    on_file(ANNA)
    member = ApiDoor(client)
    register(member, post, ANNA)
    post.deliver()
    judged = dict.fromkeys(("signin", "recover"), 0)
    second = "signin" if first == "recover" else "recover"
    for journey in (first, second, first, second):
        guesser = ApiDoor(Client())
        guesser.start("ru", journey)
        if journey == "signin":
            guesser.answer("credentials", mobile=ANNA.mobile, password=PASSWORD)
        else:
            guesser.answer("identity", mobile=ANNA.mobile, birth_date=ANNA.birth_date)
        for _guess in range(4):
            before = guesser.document["step"]["attempts_left"]
            guesser.answer("code", code=wrong(post.code(ANNA.mobile)))
            judged[journey] += guesser.document["step"]["attempts_left"] < before
    assert judged == {"signin": 5, "recover": 5}
    member.sign_out()
    member.start("ru", "signin")
    member.answer("credentials", mobile=ANNA.mobile, password=PASSWORD)
    assert member.is_signed_in()


def test_a_name_that_is_honoured_for_a_while_gives_no_tries_of_its_own(client: Client, post: Post) -> None:
    on_file(BUDI)
    member = ApiDoor(client)
    register(member, post, BUDI)
    old = member.shown()
    issue_usernames(market="id", campaign="spring", by=SYSTEM)
    new = Account.objects.get().username_or_none
    tries_left = []
    for username in (old, new):
        guesser = ApiDoor(Client())
        guesser.start("id", "recover")
        guesser.answer("identity", username=username)
        guesser.answer("code", code=wrong(post.code(BUDI.email)))
        tries_left.append(guesser.document["step"]["attempts_left"])
    assert tries_left == [4, 3]


def test_a_right_code_gives_nobody_new_tries(client: Client, post: Post) -> None:
    on_file(ANNA)
    register(ApiDoor(Client()), post, ANNA)
    guesser, member = ApiDoor(client), ApiDoor(Client())
    guesser.start("ru", "recover")
    guesser.answer("identity", mobile=ANNA.mobile, birth_date="1999-01-01")
    guesser.answer("code", code="000000")
    sign_in(member, post, ANNA, ANNA.mobile)
    assert member.is_signed_in()
    guesser.answer("code", code="000000")
    assert guesser.document["step"]["attempts_left"] == 3
