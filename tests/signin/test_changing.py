"""A member takes another e-mail address or mobile: proven by the password and by codes, told where it was before."""

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.accounts.flows import NewContact, change_contact, change_password, send_temporary_password
from mypolis.accounts.models import Account, ContactPoint
from mypolis.accounts.passwords import hash_password
from mypolis.events import SYSTEM, Actor
from mypolis.events.models import Event
from mypolis.guards.limits import PASSWORD_TRIES
from mypolis.markets.profile import ContactKind
from mypolis.signin import changing
from tests.cast import ANNA, JELENA, NEW_PASSWORD, PASSWORD, VERA, Somebody
from tests.doors import ApiDoor, Door, PageDoor, Reply
from tests.post import Post
from tests.registration.steps import sign_in
from tests.web.sessions import MEMBERS, member, signed_in

NEW = "elsewhere@example.test"
NEW_MOBILE = "+79169990011"
SERBIAN = "+381649990011"


def ask(door: Door, kind: ContactKind, value: str, password: str = PASSWORD) -> Reply:
    """Begin, and answer the first page."""
    door.start(door.market, f"change-{kind}")
    return door.answer("identity", **{kind: value, "password": password})


def point(kind: ContactKind, market: str) -> ContactPoint:
    return ContactPoint.objects.get(kind=kind, market=market, account__person__given_name=MEMBERS[market].given_name)


def confirmed(somebody: Somebody) -> None:
    """The member followed the link to the address."""
    ContactPoint.objects.filter(kind="email", value=somebody.email).update(confirmed_at=timezone.now())


def told(post: Post, address: str) -> list[str]:
    return [letter.template for letter in post.to(address)]


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_a_new_address_is_proven_by_its_code_and_the_old_one_is_told(door: Door, post: Post, market: str) -> None:
    signed_in(door, post, market)
    confirmed(MEMBERS[market])
    assert ask(door, "email", NEW).step == "code"
    assert point("email", market).value == MEMBERS[market].email, "nothing is changed before the code"
    reply = door.answer("code", code=post.code(NEW))
    assert (reply.status, reply.step) == (200, None)
    assert "token" not in str(reply.result)
    found = point("email", market)
    assert (found.value, found.confirmed_at is not None) == (NEW, True)
    assert told(post, MEMBERS[market].email)[0] == "contact-changed"
    assert told(post, NEW)[0] == "contact-changed"
    assert door.is_signed_in()
    event = Event.objects.get(kind="contact.changed")
    assert (event.actor_kind, event.actor_id) == ("member", str(found.account_id))
    assert event.subject == f"accounts.contactpoint:{found.pk}"


def test_in_serbia_the_new_address_signs_in_and_the_old_one_does_not(door: Door, post: Post) -> None:
    signed_in(door, post, "rs")
    ask(door, "email", NEW)
    door.answer("code", code=post.code(NEW))
    moved = JELENA.but(email=NEW)
    assert sign_in(ApiDoor(Client()), post, JELENA, JELENA.email).codes == {"bad_credentials"}
    assert sign_in(ApiDoor(Client()), post, moved, NEW).status == 200


def test_a_new_mobile_is_proven_by_sms_and_by_the_address_on_record(door: Door, post: Post) -> None:
    signed_in(door, post, "ru")
    confirmed(ANNA)
    assert ask(door, "mobile", "8 (916) 999-00-11").step == "code"
    assert door.answer("code", code=post.code(NEW_MOBILE)).step == "email-code"
    assert point("mobile", "ru").value == ANNA.mobile
    assert door.answer("email-code", code="000000").codes == {"wrong"}
    assert door.answer("email-code", code=post.code(ANNA.email)).step is None
    assert point("mobile", "ru").value == NEW_MOBILE
    assert told(post, ANNA.mobile)[0] == "contact-changed"
    assert sign_in(ApiDoor(Client()), post, ANNA.but(mobile=NEW_MOBILE), NEW_MOBILE).status == 200


def test_without_an_address_that_mail_reaches_the_sms_alone_proves_it(door: Door, post: Post) -> None:
    signed_in(door, post, "ru")
    ask(door, "mobile", NEW_MOBILE)
    assert door.answer("code", code=post.code(NEW_MOBILE)).step is None
    assert told(post, ANNA.email) == ["confirm-email"], "an address that was only typed gets no other mail"


def test_in_serbia_where_every_sign_in_asks_an_email_code_the_sms_alone_proves_a_mobile(door: Door, post: Post) -> None:
    signed_in(door, post, "rs")
    ask(door, "mobile", SERBIAN)
    assert door.answer("code", code=post.code(SERBIAN)).step is None
    assert point("mobile", "rs").value == SERBIAN


def test_indonesia_keeps_no_mobiles_so_there_is_none_to_change(door: Door, post: Post) -> None:
    signed_in(door, post, "id")
    assert door.start("id", "change-mobile").status in (404, 422)


def test_a_wrong_password_changes_nothing_and_is_counted(door: Door, post: Post) -> None:
    signed_in(door, post, "rs")
    for _try in range(PASSWORD_TRIES.most):
        assert ask(door, "email", NEW, password="guess").errors == {("password", "wrong")}
    assert ask(door, "email", NEW).status == 429
    assert told(post, NEW) == []
    assert Event.objects.filter(kind="account.password_refused").count() == PASSWORD_TRIES.most


def test_what_was_typed_stays_but_for_the_password(door: Door, post: Post) -> None:
    signed_in(door, post, "rs")
    ask(door, "email", NEW, password="guess")
    door.look()
    assert door.value("email") == NEW
    assert not door.value("password")


def test_the_one_that_stands_already_is_refused_unless_mail_comes_back_from_it(door: Door, post: Post) -> None:
    signed_in(door, post, "rs")
    assert ask(door, "email", "JELENA@example.test").errors == {("email", "same")}
    ContactPoint.objects.filter(kind="email").update(undeliverable_since=timezone.now())
    assert ask(door, "email", JELENA.email).step == "code"
    assert door.answer("code", code=post.code(JELENA.email)).step is None
    assert point("email", "rs").undeliverable_since is None


@pytest.mark.parametrize("kind", ["email", "mobile"])
def test_what_another_account_holds_is_told_only_after_its_code(door: Door, post: Post, kind: ContactKind) -> None:
    member(post, VERA)
    confirmed(VERA)
    signed_in(door, post, "ru")
    taken = VERA.email if kind == "email" else VERA.mobile
    assert ask(door, kind, taken).step == "code"
    assert door.answer("code", code=post.code(taken)).codes == {"taken"}
    assert point(kind, "ru").value != taken


def test_of_two_who_take_the_same_address_at_once_the_first_has_it(
    door: Door, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    member(post, VERA)
    signed_in(door, post, "ru")
    ask(door, "email", NEW)

    def first(**what: object) -> None:
        """Vera ends a moment before Anna does."""
        vera = Account.objects.get(person__given_name=VERA.given_name)
        change_contact(account=vera, contact=NewContact("email", NEW, confirmed=True), by=SYSTEM)
        change_contact(**what)  # type: ignore[arg-type]

    monkeypatch.setattr(changing, "change_contact", first)
    assert door.answer("code", code=post.code(NEW)).codes == {"taken"}
    assert point("email", "ru").value == ANNA.email


def test_a_password_that_was_changed_meanwhile_ends_it(door: Door, post: Post) -> None:
    signed_in(door, post, "rs")
    ask(door, "email", NEW)
    account = point("email", "rs").account
    change_password(account=account, password_hash=hash_password(NEW_PASSWORD), by=SYSTEM)
    code = post.code(NEW)
    if isinstance(door, ApiDoor):
        assert door.answer("code", code=code).status == 404, "the session ended with the old password"
    else:
        assert "credentials" in {door.answer("code", code=code).step, door.look().step}
    assert point("email", "rs").value == JELENA.email


def test_temporary_passwords_that_went_to_the_old_address_die(door: Door, post: Post) -> None:
    signed_in(door, post, "rs")
    account = point("email", "rs").account
    send_temporary_password(account=account, market="rs", language="en", by=SYSTEM)
    ask(door, "email", NEW)
    door.answer("code", code=post.code(NEW))
    assert not account.temporary_passwords.filter(used_at=None).exists()


def test_a_stranger_is_led_to_sign_in(client: Client, db: None) -> None:
    for kind in ("change-email", "change-mobile"):
        for answer in (client.get(f"/rs/{kind}/"), client.post(f"/rs/{kind}/", {"step": "identity"})):
            assert (answer.status_code, answer["Location"]) == (302, "/rs/signin/")
        answer = client.post("/api/v1/rs/journeys", {"journey": kind}, content_type="application/json")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_journey_of_another_member_is_unknown_and_so_it_is_when_signed_out(post: Post) -> None:
    anna = ApiDoor(Client())
    signed_in(anna, post, "ru")
    ask(anna, "email", NEW)
    vera = ApiDoor(Client())
    sign_in(vera, post, VERA, member(post, VERA))
    vera.shows_token, vera.token = True, anna.token
    assert vera.look().status == vera.answer("code", code=post.code(NEW)).status == vera.resend().status == 404
    stranger = ApiDoor(Client())
    stranger.market, stranger.token = "ru", anna.token
    assert stranger.look().status == stranger.back("identity").status == 404
    assert anna.look().status == 200
    anna.sign_out()
    assert anna.answer("code", code=post.code(NEW)).status == 404
    assert point("email", "ru").value == ANNA.email


def test_the_last_page_is_for_the_member_alone_and_leads_on(post: Post) -> None:
    door = PageDoor(Client(headers={"accept-language": "en"}))
    signed_in(door, post, "rs")
    ask(door, "email", NEW)
    text = door.answer("code", code=post.code(NEW)).text
    assert "Your e-mail address is changed" in text
    assert "Sign in with the new one from now on" in text
    assert NEW not in text
    assert "Start again" in text
    assert "somebody else" not in text
    door.sign_out()
    assert door.look().step == "credentials" or "/signin/" in door.client.get("/rs/change-email/")["Location"]


def test_the_members_page_shows_what_there_is_masked_and_leads_to_the_change(post: Post) -> None:
    door = PageDoor(Client(headers={"accept-language": "en"}))
    signed_in(door, post, "ru")
    text = door.client.get("/ru/security/").content.decode()
    assert "Not confirmed yet." in text
    assert ANNA.email not in text
    assert ANNA.mobile not in text
    assert 'href="/ru/change-email/"' in text
    assert 'href="/ru/change-mobile/"' in text
    ContactPoint.objects.filter(kind="email").update(undeliverable_since=timezone.now())
    assert "Our messages come back from there." in door.client.get("/ru/security/").content.decode()
    assert 'href="/ru/change-email/"' in door.client.get("/ru/home/").content.decode()


def test_whoever_has_no_mobile_enters_the_first_one(post: Post) -> None:
    door = PageDoor(Client(headers={"accept-language": "en"}))
    signed_in(door, post, "rs")
    ContactPoint.objects.filter(kind="mobile").delete()
    assert "No mobile number yet" in door.client.get("/rs/security/").content.decode()
    ask(door, "mobile", SERBIAN)
    assert door.answer("code", code=post.code(SERBIAN)).step is None
    assert point("mobile", "rs").value == SERBIAN
    assert Event.objects.filter(kind="contact.added", subject__contains=str(point("mobile", "rs").pk)).exists()


def test_an_old_address_that_was_only_typed_is_not_told(post: Post) -> None:
    member(post, ANNA)
    account = Account.objects.get(person__given_name=ANNA.given_name)
    by = Actor("member", str(account.pk))
    change_contact(account=account, contact=NewContact("email", NEW, confirmed=True), by=by)
    assert told(post, ANNA.email) == ["confirm-email"]
