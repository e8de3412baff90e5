"""A member's authenticator app: linking with its first code, sign-in, each code valid once, SMS as an alternative."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Barrier, Thread
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from pyotp import TOTP

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.factors import time_codes
from mypolis.membership.accounts.codes import authenticators
from mypolis.membership.accounts.contact_points.flows import NewContact, change_contact
from mypolis.membership.accounts.limits import APP_CODE_TRIES
from mypolis.membership.accounts.models import Account, Authenticator
from tests.cast import ANNA, PASSWORD
from tests.clock import coming, stopped_at
from tests.doors import ApiDoor, Door, PageDoor, Reply
from tests.post import Post
from tests.registration.steps import sign_in
from tests.web.safety.sessions import member, secret_of, signed_in

MORNING = coming(6, 0, 5)  # five seconds into a code's half minute
STEP = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Freeze the time in every test here; a test may move it."""
    with stopped_at(MORNING):
        yield


def key_of(door: Door) -> str:
    """The key shown on the page or in the JSON document."""
    shows = door.document["step"]["shows"] if isinstance(door, ApiDoor) else door.context["shows"]
    return str(shows["key"]).replace(" ", "")


def begin(door: Door, password: str = PASSWORD) -> Reply:
    door.start("ru", "link-authenticator")
    return door.answer("identity", password=password)


def come_to_the_key(door: Door, post: Post) -> Reply:
    """Go on to the page with the key, past the code that proves the member."""
    begin(door)
    return door.answer("code", code=post.code(ANNA.mobile))


def linked(post: Post, at: datetime = MORNING) -> tuple[str, Account]:
    """Give Anna an account and an app. Returns its secret and the account."""
    member(ANNA)
    account, secret = Account.objects.get(), time_codes.new_secret()
    authenticators.link(account=account, secret=secret, step=TOTP(secret).timecode(at) - 1, by=SYSTEM)
    return secret, account


def arrive(door: Door) -> Reply:
    """Enter name and password on an unknown device."""
    door.start("ru", "signin")
    return door.answer("credentials", mobile=ANNA.mobile, password=PASSWORD)


def texts(post: Post) -> int:
    return [letter.template for letter in post.to(ANNA.mobile)].count("code")


def test_an_app_is_linked_by_the_code_that_it_shows(door: Door, post: Post) -> None:
    signed_in(door, "ru")
    assert begin(door).step == "code"
    assert door.answer("code", code=post.code(ANNA.mobile)).step == "authenticator"
    secret = key_of(door)
    assert door.answer("authenticator", code="000000").errors == {("code", "wrong")}
    assert key_of(door) == secret, "a wrong code keeps the key"
    reply = door.answer("authenticator", code=TOTP(secret).now())
    assert (reply.status, reply.step) == (200, None)
    assert secret not in reply.text
    app = Authenticator.objects.get()
    assert (app.account, app.secret) == (Account.objects.get(), secret)
    assert "authenticator-linked" in [letter.template for letter in post.to(ANNA.mobile)]
    event = Event.objects.get(kind="authenticator.linked")
    assert (event.actor_kind, event.subject) == ("member", f"accounts.account:{app.account_id}")


def test_the_address_for_the_app_names_the_insurer_and_no_whole_number(post: Post) -> None:
    door = ApiDoor(Client())
    signed_in(door, "ru")
    come_to_the_key(door, post)
    address = unquote(door.document["step"]["shows"]["address"])
    assert address.startswith("otpauth://totp/")
    assert f"secret={key_of(door)}" in address
    assert ANNA.mobile[1:] not in address


def test_the_key_is_sealed_where_it_is_kept(post: Post) -> None:
    secret, _account = linked(post)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_authenticator")
        (kept,) = cursor.fetchone()
    assert secret.encode() not in bytes(kept)


def test_without_the_password_nothing_is_shown(door: Door, post: Post) -> None:
    signed_in(door, "ru")
    reply = begin(door, password="guess")
    assert (reply.step, reply.errors) == ("identity", {("password", "wrong")})
    assert "otpauth" not in reply.text


def test_with_a_password_and_a_session_alone_nobody_sees_a_key(door: Door, post: Post) -> None:
    signed_in(door, "ru")
    assert "otpauth" not in begin(door).text
    assert door.answer("code", code="000000").codes == {"wrong"}
    assert door.look().step == "code"


def test_a_contact_that_was_changed_meanwhile_ends_the_linking(door: Door, post: Post) -> None:
    signed_in(door, "ru")
    come_to_the_key(door, post)
    code = TOTP(key_of(door)).now()
    new = NewContact("mobile", "+79169990011", confirmed=True)
    change_contact(account=Account.objects.get(), contact=new, by=SYSTEM)
    assert door.answer("authenticator", code=code).step == "identity"
    assert not Authenticator.objects.exists()


def test_linking_ends_the_other_sessions_and_gives_this_one_new_tokens(door: Door, post: Post) -> None:
    signed_in(door, "ru")
    other = ApiDoor(Client())
    sign_in(other, post, ANNA, ANNA.mobile)
    before = secret_of(door)
    come_to_the_key(door, post)
    door.answer("authenticator", code=TOTP(key_of(door)).now())
    assert (door.is_signed_in(), other.is_signed_in()) == (True, False)
    assert secret_of(door) != before


def test_at_sign_in_its_code_does_and_no_sms_is_sent(door: Door, post: Post) -> None:
    secret, _account = linked(post)
    before = texts(post)
    reply = arrive(door)
    assert reply.step == "code"
    assert "app" in reply.text
    assert texts(post) == before
    door.answer("code", code=TOTP(secret).now())
    assert door.is_signed_in()
    assert texts(post) == before


def test_a_code_is_used_once(post: Post) -> None:
    secret, _account = linked(post)
    code = TOTP(secret).now()
    first, second = ApiDoor(Client()), ApiDoor(Client())
    for door in (first, second):
        arrive(door)
    assert first.answer("code", code=code).status == 200
    assert second.answer("code", code=code).codes == {"used"}
    with stopped_at(MORNING + STEP):
        assert second.answer("code", code=TOTP(secret).now()).status == 200


@pytest.mark.parametrize(("apart", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_phones_clock_may_be_half_a_minute_apart(post: Post, apart: int, fits: bool) -> None:
    secret, _account = linked(post, at=MORNING - 5 * STEP)
    door = ApiDoor(Client())
    arrive(door)
    reply = door.answer("code", code=TOTP(secret).at(MORNING + apart * STEP))
    assert (reply.status == 200) == fits


def test_an_older_code_than_the_last_one_is_no_more_good(post: Post) -> None:
    secret, account = linked(post)
    now = TOTP(secret).timecode(MORNING)
    Authenticator.objects.update(last_step=now)
    assert authenticators.use(account.pk, TOTP(secret).at(MORNING - STEP)) == "used"
    assert authenticators.use(account.pk, TOTP(secret).at(MORNING + STEP)) == "right"


def test_whoever_cannot_open_the_app_has_an_sms(door: Door, post: Post) -> None:
    linked(post)
    before = texts(post)
    asked = arrive(door).text
    sent = door.resend().text
    assert texts(post) == before + 1
    assert "Введите код из приложения" in asked
    assert "Введите код из приложения" not in sent
    assert "Введите код из СМС" in sent
    door.answer("code", code=post.code(ANNA.mobile))
    assert door.is_signed_in()


def test_an_sms_that_is_over_says_so(post: Post) -> None:
    linked(post)
    door = ApiDoor(Client())
    arrive(door)
    door.resend()
    code = post.code(ANNA.mobile)
    with stopped_at(MORNING + timedelta(minutes=6)):
        assert door.answer("code", code=code).codes == {"expired"}


def test_the_next_sms_waits_as_ever(post: Post) -> None:
    linked(post)
    door = ApiDoor(Client())
    arrive(door)
    assert door.resend().status == 200
    assert door.resend().status == 429


def test_tries_are_counted_for_app_and_sms_together(post: Post) -> None:
    linked(post)
    door = ApiDoor(Client())
    arrive(door)
    for _try in range(3):
        assert door.answer("code", code="000000").codes == {"wrong"}
    door.resend()
    for _try in range(2):
        assert door.answer("code", code="000000").codes == {"wrong"}
    assert door.answer("code", code=post.code(ANNA.mobile)).status == 429


def test_after_five_wrong_codes_in_a_day_only_an_sms_does_which_the_member_sees(door: Door, post: Post) -> None:
    """Three codes of an app are valid at any time. Somebody with the password must not guess them unnoticed."""
    secret, _account = linked(post)
    arrive(door)
    for _try in range(APP_CODE_TRIES.most):
        door.answer("code", code="000000")
    with stopped_at(MORNING + timedelta(minutes=31)):
        before = texts(post)
        assert door.answer("code", code=TOTP(secret).now()).codes == {"wrong"}
        assert "не принимаются" in door.look().text
        assert texts(post) == before
        door.resend()
        assert texts(post) == before + 1
        door.answer("code", code=post.code(ANNA.mobile))
        assert door.is_signed_in()


def test_the_trail_says_by_which_way_a_code_was_entered(post: Post) -> None:
    secret, _account = linked(post)
    door = ApiDoor(Client())
    arrive(door)
    door.answer("code", code="000000")
    door.answer("code", code=TOTP(secret).now())
    ways = [event.facts["by_way"] for event in Event.objects.filter(kind__startswith="code.").order_by("-pk")[:2]]
    assert ways == ["app", "app"]


def test_a_stranger_without_the_password_learns_of_no_app(post: Post) -> None:
    linked(post)
    door = ApiDoor(Client())
    door.start("ru", "signin")
    reply = door.answer("credentials", mobile=ANNA.mobile, password="not the password")
    assert (reply.step, reply.codes) == ("credentials", {"bad_credentials"})
    assert '"app"' not in reply.text


def test_the_document_says_that_an_app_answers(post: Post) -> None:
    linked(post)
    door = ApiDoor(Client())
    arrive(door)
    step = door.document["step"]
    assert (step["app"], step["resend_after"], step["expires_at"]) == (True, 0, None)


def test_linking_again_replaces_the_app_before(post: Post) -> None:
    secret, _account = linked(post)
    door = ApiDoor(Client())
    arrive(door)
    door.answer("code", code=TOTP(secret).now())
    come_to_the_key(door, post)
    new = key_of(door)
    door.answer("authenticator", code=TOTP(new).now())
    assert Authenticator.objects.get().secret == new != secret


def test_it_is_unlinked_by_the_password_and_codes_come_by_sms_again(door: Door, post: Post) -> None:
    signed_in(door, "ru")
    account, secret = Account.objects.get(), time_codes.new_secret()
    authenticators.link(account=account, secret=secret, step=1, by=SYSTEM)
    door.start("ru", "unlink-authenticator")
    assert door.answer("identity", password="guess").errors == {("password", "wrong")}
    assert Authenticator.objects.exists()
    assert door.answer("identity", password=PASSWORD).status == 200
    assert not Authenticator.objects.exists()
    assert Event.objects.filter(kind="authenticator.unlinked").count() == 1
    assert post.to(ANNA.mobile)[0].template == "authenticator-unlinked"
    assert door.is_signed_in()
    before = texts(post)
    assert arrive(PageDoor(Client())).step == "code"
    assert texts(post) == before + 1


def test_the_members_page_leads_to_both(post: Post) -> None:
    door = PageDoor(Client(headers={"accept-language": "en"}))
    signed_in(door, "ru")
    assert 'href="/ru/link-authenticator/"' in door.client.get("/ru/security/").content.decode()
    authenticators.link(account=Account.objects.get(), secret=time_codes.new_secret(), step=1, by=SYSTEM)
    assert 'href="/ru/unlink-authenticator/"' in door.client.get("/ru/security/").content.decode()


@pytest.mark.parametrize("market", ["rs", "id"])
def test_a_market_whose_codes_go_by_mail_has_none(door: Door, post: Post, market: str) -> None:
    signed_in(door, market)
    assert door.start(market, "link-authenticator").status in (404, 422)
    if isinstance(door, PageDoor):
        assert "authenticator" not in door.client.get(f"/{market}/security/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_code_at_once_one_gets_in(post: Post) -> None:
    secret, account = linked(post)
    code, both, used = TOTP(secret).at(MORNING), Barrier(2, timeout=20), []

    def use() -> None:
        both.wait()
        used.append(authenticators.use(account.pk, code))
        connection.close()

    threads = [Thread(target=use) for _time in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(used) == ["right", "used"]
