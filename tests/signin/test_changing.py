"""A member changes e-mail or mobile: proven by the password and codes, and reported to the previous contact point."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.factors.passwords.password_rules import hash_password, verify_password
from mypolis.foundation.journeys.flows import forget_old
from mypolis.foundation.markets.profile import ContactKind
from mypolis.membership.accounts.contact_points.flows import NewContact, change_contact
from mypolis.membership.accounts.limits import PASSWORD_TRIES
from mypolis.membership.accounts.models import Account, ContactPoint
from mypolis.membership.accounts.passwords.flows import change_password
from mypolis.membership.accounts.passwords.temporary_passwords import send_temporary_password
from mypolis.membership.signin import contact_changes
from mypolis.membership.signin.limits import NEW_CONTACT_CODES
from tests.cast import ANNA, BUDI, JELENA, NEW_PASSWORD, PASSWORD, VERA, Somebody
from tests.doors import ApiDoor, Door, PageDoor, Reply
from tests.post import Post
from tests.registration.steps import sign_in
from tests.web.safety.sessions import MEMBERS, member, secret_of, signed_in

NEW = "elsewhere@example.test"
NEW_MOBILE = "+79169990011"
SERBIAN = "+381649990011"


def ask(door: Door, kind: ContactKind, value: str, password: str = PASSWORD) -> Reply:
    """Begin the journey and answer the first page."""
    door.start(door.market, f"change-{kind}")
    return door.answer("identity", **{kind: value, "password": password})


def prove_current(door: Door, post: Post, current: str) -> Reply:
    """Prove the member with the code to a current contact point."""
    return door.answer("code", code=post.code(current))


def changed(door: Door, post: Post, kind: ContactKind, value: str, current: str) -> Reply:
    """Walk the whole journey with the usual password."""
    ask(door, kind, value)
    prove_current(door, post, current)
    return door.answer("new-code", code=post.code(value))


def point(kind: ContactKind, market: str) -> ContactPoint:
    return ContactPoint.objects.get(kind=kind, market=market, account__person__given_name=MEMBERS[market].given_name)


def confirmed(somebody: Somebody) -> None:
    """Confirm the member's address, as if they followed the link."""
    ContactPoint.objects.filter(kind="email", value=somebody.email).update(confirmed_at=timezone.now())


def recovery_form(market: str, name: str) -> dict[str, str]:
    """Recovery's first page, filled in for a member with this sign-in name."""
    return {"mobile": name, "birth_date": MEMBERS[market].birth_date} if market == "ru" else {"username": name}


def recovery_contact(market: str) -> str:
    """The contact point that gets the code of a recovery."""
    return MEMBERS[market].mobile if market == "ru" else MEMBERS[market].email


def templates_to(post: Post, address: str) -> list[str]:
    return [letter.template for letter in post.to(address)]


CURRENT = {"rs": JELENA.mobile, "id": BUDI.email, "ru": ANNA.mobile}


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_a_new_address_is_proven_by_its_code_and_the_old_one_is_told(door: Door, post: Post, market: str) -> None:
    """The other contact point must be proven too; in Indonesia, where there is none, the old address."""
    signed_in(door, market)
    confirmed(MEMBERS[market])
    assert ask(door, "email", NEW).step == "code"
    assert templates_to(post, NEW) == [], "nothing is sent there before the member is proven"
    assert prove_current(door, post, CURRENT[market]).step == "new-code"
    assert point("email", market).value == MEMBERS[market].email, "nothing is changed before the last code"
    reply = door.answer("new-code", code=post.code(NEW))
    assert (reply.status, reply.step) == (200, None)
    found = point("email", market)
    assert (found.value, found.confirmed_at is not None) == (NEW, True)
    assert templates_to(post, MEMBERS[market].email)[0] == "contact-changed"
    assert templates_to(post, CURRENT[market])[0] == "contact-changed"
    assert templates_to(post, NEW) == ["code"]
    assert door.is_signed_in()
    event = Event.objects.get(kind="contact.changed")
    assert (event.actor_kind, event.actor_id) == ("member", str(found.account_id))
    assert event.subject == f"accounts.contactpoint:{found.pk}"


def test_in_serbia_the_new_address_signs_in_and_the_old_one_does_not(door: Door, post: Post) -> None:
    signed_in(door, "rs")
    changed(door, post, "email", NEW, JELENA.mobile)
    moved = JELENA.but(email=NEW)
    assert sign_in(ApiDoor(Client()), post, JELENA, JELENA.email).codes == {"bad_credentials"}
    assert sign_in(ApiDoor(Client()), post, moved, NEW).status == 200


@pytest.mark.parametrize(("market", "new"), [("ru", NEW_MOBILE), ("rs", SERBIAN)])
def test_a_new_mobile_is_proven_by_sms_and_by_the_address_on_record(
    door: Door, post: Post, market: str, new: str
) -> None:
    signed_in(door, market)
    confirmed(MEMBERS[market])
    assert ask(door, "mobile", new).step == "code"
    assert door.answer("code", code="000000").codes == {"wrong"}
    assert prove_current(door, post, MEMBERS[market].email).step == "new-code"
    assert point("mobile", market).value == MEMBERS[market].mobile
    assert door.answer("new-code", code=post.code(new)).step is None
    assert point("mobile", market).value == new
    assert templates_to(post, MEMBERS[market].mobile)[0] == "contact-changed", "at the old number, confirmed or matched"
    assert templates_to(post, MEMBERS[market].email)[0] == "contact-changed"


def test_in_russia_the_new_mobile_signs_in(door: Door, post: Post) -> None:
    signed_in(door, "ru")
    changed(door, post, "mobile", NEW_MOBILE, ANNA.mobile)
    assert templates_to(post, ANNA.email) == ["confirm-email"], "an address that was only typed gets no other mail"
    assert sign_in(ApiDoor(Client()), post, ANNA.but(mobile=NEW_MOBILE), NEW_MOBILE).status == 200


def test_with_a_password_and_a_session_alone_nobody_gets_further(door: Door, post: Post) -> None:
    """Neither with one journey nor with one after the other."""
    signed_in(door, "ru")
    confirmed(ANNA)
    for kind, value in (("email", NEW), ("mobile", NEW_MOBILE), ("email", NEW)):
        assert ask(door, kind, value).step == "code"  # type: ignore[arg-type]
        assert door.answer("new-code", code="000000").status in (200, 409), "the page shows the current step"
        assert door.look().step == "code"
    assert templates_to(post, NEW) == templates_to(post, NEW_MOBILE) == []


def test_whoever_has_neither_contact_point_proves_the_new_one(door: Door, post: Post) -> None:
    signed_in(door, "rs")
    ContactPoint.objects.filter(kind="mobile").delete()
    ContactPoint.objects.update(undeliverable_since=timezone.now())
    assert ask(door, "mobile", SERBIAN).step == "new-code"
    assert door.answer("new-code", code=post.code(SERBIAN)).step is None
    assert Event.objects.filter(kind="contact.added", subject__contains=str(point("mobile", "rs").pk)).exists()


def test_indonesia_keeps_no_mobiles_so_there_is_none_to_change(door: Door, post: Post) -> None:
    signed_in(door, "id")
    assert door.start("id", "change-mobile").status in (404, 422)


def test_all_other_sessions_end_and_this_one_has_new_tokens(door: Door, post: Post) -> None:
    signed_in(door, "rs")
    other = ApiDoor(Client())
    sign_in(other, post, JELENA, JELENA.email)
    before = secret_of(door)
    assert other.is_signed_in()
    changed(door, post, "email", NEW, JELENA.mobile)
    assert door.is_signed_in()
    assert not other.is_signed_in()
    assert secret_of(door) != before


def test_a_wrong_password_changes_nothing_and_is_counted(door: Door, post: Post) -> None:
    signed_in(door, "rs")
    for _try in range(PASSWORD_TRIES.most):
        assert ask(door, "email", NEW, password="guess").errors == {("password", "wrong")}
    assert ask(door, "email", NEW).status == 429
    assert templates_to(post, NEW) == []
    assert Event.objects.filter(kind="account.password_refused").count() == PASSWORD_TRIES.most


def test_what_was_typed_stays_but_for_the_password(door: Door, post: Post) -> None:
    signed_in(door, "rs")
    ask(door, "email", NEW, password="guess")
    door.look()
    assert door.value("email") == NEW
    assert not door.value("password")


def test_the_one_that_stands_already_is_refused_unless_mail_comes_back_from_it(door: Door, post: Post) -> None:
    signed_in(door, "rs")
    assert ask(door, "email", "JELENA@example.test").errors == {("email", "same")}
    ContactPoint.objects.filter(kind="email").update(undeliverable_since=timezone.now())
    assert changed(door, post, "email", JELENA.email, JELENA.mobile).step is None
    assert point("email", "rs").undeliverable_since is None
    assert "contact-changed" not in templates_to(post, JELENA.email), "it is the same one"
    assert not Event.objects.filter(kind="contact.changed").exists()


@pytest.mark.parametrize("kind", ["email", "mobile"])
def test_what_another_account_holds_is_told_only_after_its_code(door: Door, post: Post, kind: ContactKind) -> None:
    member(VERA)
    confirmed(VERA)
    signed_in(door, "ru")
    taken = VERA.email if kind == "email" else VERA.mobile
    ask(door, kind, taken)
    assert prove_current(door, post, ANNA.mobile).step == "new-code"
    assert door.answer("new-code", code=post.code(taken)).codes == {"taken"}
    assert point(kind, "ru").value != taken


def test_of_two_who_take_the_same_address_at_once_the_first_has_it(
    door: Door, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    member(VERA)
    signed_in(door, "ru")
    ask(door, "email", NEW)
    prove_current(door, post, ANNA.mobile)

    def first(**what: object) -> None:
        """Vera's change finishes just before Anna's."""
        vera = Account.objects.get(person__given_name=VERA.given_name)
        change_contact(account=vera, contact=NewContact("email", NEW, confirmed=True), by=SYSTEM)
        change_contact(**what)  # type: ignore[arg-type]

    monkeypatch.setattr(contact_changes, "change_contact", first)
    assert door.answer("new-code", code=post.code(NEW)).codes == {"taken"}
    assert point("email", "ru").value == ANNA.email


def test_a_session_that_ended_meanwhile_ends_it(door: Door, post: Post) -> None:
    signed_in(door, "rs")
    ask(door, "email", NEW)
    account = point("email", "rs").account
    change_password(account=account, password_hash=hash_password(NEW_PASSWORD), by=SYSTEM)
    code = post.code(JELENA.mobile)
    if isinstance(door, ApiDoor):
        assert door.answer("code", code=code).status == 404, "the session ended with the old password"
    else:
        assert "credentials" in {door.answer("code", code=code).step, door.look().step}
    assert point("email", "rs").value == JELENA.email


def test_whoever_changes_something_else_meanwhile_begins_at_the_first_page_again(door: Door, post: Post) -> None:
    """When a mobile changes, the e-mail code must not go to an address that the member no longer has."""
    signed_in(door, "ru")
    confirmed(ANNA)
    ask(door, "mobile", NEW_MOBILE)
    code = post.code(ANNA.email)
    account = point("email", "ru").account
    change_contact(account=account, contact=NewContact("email", NEW, confirmed=True), by=SYSTEM)
    reply = door.answer("code", code=code)
    assert (reply.codes or {"no_match"}, reply.step) == ({"no_match"}, "identity")
    assert point("mobile", "ru").value == ANNA.mobile


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_a_sign_in_that_began_before_does_not_end_with_a_code_to_the_old_contact(
    door: Door, post: Post, market: str
) -> None:
    somebody = MEMBERS[market]
    name = member(somebody)
    kind: ContactKind = "mobile" if market == "ru" else "email"
    old, new = (somebody.mobile, NEW_MOBILE) if kind == "mobile" else (somebody.email, NEW)
    door.start(market, "signin")
    field = {"rs": "email", "id": "username", "ru": "mobile"}[market]
    assert door.answer("credentials", **{field: name, "password": PASSWORD}).step == "code"
    code = post.code(old)
    change_contact(account=point(kind, market).account, contact=NewContact(kind, new, confirmed=True), by=SYSTEM)
    assert door.answer("code", code=code).codes == {"bad_credentials"}
    assert not door.is_signed_in()


@pytest.mark.parametrize("market", ["id", "ru"])
def test_a_recovery_that_began_before_sets_no_password(door: Door, post: Post, market: str) -> None:
    somebody = MEMBERS[market]
    name = member(somebody)
    kind: ContactKind = "mobile" if market == "ru" else "email"
    old, new = (somebody.mobile, NEW_MOBILE) if kind == "mobile" else (somebody.email, NEW)
    door.start(market, "recover")
    door.answer("identity", **recovery_form(market, name))
    door.answer("code", code=post.code(old))
    account = point(kind, market).account
    change_contact(account=account, contact=NewContact(kind, new, confirmed=True), by=SYSTEM)
    reply = door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
    assert reply.codes == {"changed"}
    account.refresh_from_db()
    assert verify_password(PASSWORD, account.password_hash)


@pytest.mark.parametrize("market", ["id", "ru"])
def test_a_recovery_that_was_proven_before_another_password_was_chosen_sets_none(
    door: Door, post: Post, market: str
) -> None:
    """Somebody who read one code on the member's phone or in their mailbox loses access when the password changes."""
    somebody = MEMBERS[market]
    name = member(somebody)
    door.start(market, "recover")
    door.answer("identity", **recovery_form(market, name))
    assert door.answer("code", code=post.code(recovery_contact(market))).step == "new-password"
    account = point("mobile" if market == "ru" else "email", market).account
    own = hash_password("the member's own four walls")
    change_password(account=account, password_hash=own, by=SYSTEM)
    reply = door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
    assert reply.codes == {"changed"}
    account.refresh_from_db()
    assert account.password_hash == own


def test_codes_to_somebody_elses_number_are_few_a_day(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a member cannot use up the codes that a stranger may get in a day."""
    monkeypatch.setattr(contact_changes, "NEW_CONTACT_CODES", replace(NEW_CONTACT_CODES, most=2))
    door = ApiDoor(Client())
    signed_in(door, "ru")
    for _time in range(2):
        ask(door, "mobile", VERA.mobile)
        assert prove_current(door, post, ANNA.mobile).step == "new-code"
    ask(door, "mobile", VERA.mobile)
    assert prove_current(door, post, ANNA.mobile).status == 429
    assert templates_to(post, VERA.mobile) == ["code"] * 2


def test_tries_are_counted_for_the_sessions_own_device_whatever_the_caller_says(post: Post) -> None:
    door = ApiDoor(Client())
    signed_in(door, "rs")
    for told_device in ("", "another", door.device):
        door.device = told_device
        for _try in range(4):
            ask(door, "email", NEW, password="guess")
    assert ask(door, "email", NEW).status == 429


def test_temporary_passwords_that_went_to_the_old_address_die(door: Door, post: Post) -> None:
    signed_in(door, "rs")
    account = point("email", "rs").account
    send_temporary_password(account=account, market="rs", language="en", by=SYSTEM)
    changed(door, post, "email", NEW, JELENA.mobile)
    assert not account.temporary_passwords.filter(used_at=None).exists()


def test_a_stranger_is_led_to_sign_in(client: Client, db: None) -> None:
    for kind in ("change-email", "change-mobile"):
        for answer in (client.get(f"/rs/{kind}/"), client.post(f"/rs/{kind}/", {"step": "identity"})):
            assert (answer.status_code, answer["Location"]) == (302, "/rs/signin/")
        answer = client.post("/api/v1/rs/journeys", {"journey": kind}, content_type="application/json")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_the_api_hears_no_cookie_of_a_members_page(post: Post) -> None:
    door = PageDoor(Client())
    signed_in(door, "rs")
    answer = door.client.post("/api/v1/rs/journeys", {"journey": "change-email"}, content_type="application/json")
    assert answer.status_code == 401


def test_a_journey_of_another_member_is_unknown_and_so_it_is_when_signed_out(post: Post) -> None:
    anna = ApiDoor(Client())
    signed_in(anna, "ru")
    ask(anna, "email", NEW)
    vera = ApiDoor(Client())
    sign_in(vera, post, VERA, member(VERA))
    vera.shows_token, vera.token = True, anna.token
    assert vera.look().status == vera.answer("code", code=post.code(ANNA.mobile)).status == vera.resend().status == 404
    stranger = ApiDoor(Client())
    stranger.market, stranger.token = "ru", anna.token
    assert stranger.look().status == stranger.back("identity").status == 404
    assert anna.look().status == 200
    anna.sign_out()
    assert anna.answer("code", code=post.code(ANNA.mobile)).status == 404
    assert point("email", "ru").value == ANNA.email


def test_the_last_page_is_for_the_member_alone_leads_on_and_is_told_once(post: Post) -> None:
    door = PageDoor(Client(headers={"accept-language": "en"}))
    signed_in(door, "rs")
    text = changed(door, post, "email", NEW, JELENA.mobile).text
    assert "Your email address has been changed" in text
    assert "Sign in with the new one from now on" in text
    assert NEW not in text
    assert "somebody else" not in text
    assert door.look().step == "identity", "another change begins here"
    door.sign_out()
    assert "/signin/" in door.client.get("/rs/change-email/")["Location"]


def test_one_that_took_too_long_says_so_though_nothing_is_left_of_it(post: Post) -> None:
    door = ApiDoor(Client())
    signed_in(door, "rs")
    ask(door, "email", NEW)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        forget_old(by=SYSTEM)
        reply = door.answer("code", code="000000")
    assert reply.status == 410
    assert NEW not in reply.text


def test_an_old_address_that_was_only_typed_is_not_told(post: Post) -> None:
    member(ANNA)
    account = Account.objects.get(person__given_name=ANNA.given_name)
    by = Actor("member", str(account.pk))
    change_contact(account=account, contact=NewContact("email", NEW, confirmed=True), by=by)
    assert templates_to(post, ANNA.email) == ["confirm-email"]
    assert templates_to(post, ANNA.mobile)[0] == "contact-changed", "the other contact point is notified"
