"""A look-alike of the address on file never gets mail: it is refused, or mail goes to the spelling on file."""

import pytest
from django.test import Client

from mypolis.membership.accounts.models import Account, ContactPoint
from mypolis.membership.people.models import Person
from tests.cast import ANNA, BUDI, JELENA, PASSWORD, on_file
from tests.doors import ApiDoor, Door
from tests.post import Post
from tests.registration.steps import card_form, client_form, open_form, register, solved
from tests.web.safety.sessions import signed_in

ON_FILE = "Anna.S@Posta.example"
LOOK_ALIKES = [
    *("anna.s@postₐ.example", "anna.s@ｐosta.example", "anna.s@pоsta.example", "anna.s@po\u017fta.example"),
    *("anna.s@posta。example", "anna.s@posta\u200d.example", "anna.s@𝐩osta.example", "ａnna.s@posta.example"),
    *("аnna.s@posta.example", '"anna.s"@posta.example', "anna.s@posta.example.", "anna.s@xn--posta-.example"),
]
SPELLINGS = ["anna.s@posta.example", " ANNA.S@POSTA.EXAMPLE ", "anna.s\u200b@posta.example"]


@pytest.mark.parametrize("typed", LOOK_ALIKES)
def test_a_look_alike_matches_nobody_in_serbia(door: Door, post: Post, typed: str) -> None:
    on_file(JELENA.but(email=ON_FILE))
    door.start("rs", "register")
    for number in (JELENA.policy_number, ""):
        reply = door.answer("identity", **client_form(policy_number=number, email=typed))
        assert (reply.status, reply.errors) == (422, {("email", "invalid")})
    door.start("rs", "recover")
    reply = door.answer("identity", national_id=JELENA.national_id, policy_number="", email=typed, captcha=solved("rs"))
    assert reply.errors == {("email", "invalid")}
    assert post.deliver() == []
    assert not Account.objects.exists()


@pytest.mark.parametrize("typed", LOOK_ALIKES)
def test_a_look_alike_matches_nobody_in_russia_and_indonesia(door: Door, post: Post, typed: str) -> None:
    on_file(ANNA.but(email=ON_FILE))
    on_file(BUDI.but(email=ON_FILE))
    door.start("ru", "register", "open")
    assert door.answer("identity", **open_form(email=typed, mobile="+79160000000")).errors == {("email", "invalid")}
    door.start("id", "register", "group")
    assert door.answer("identity", **card_form(email=typed)).errors == {("email", "invalid")}
    assert post.deliver() == []


@pytest.mark.parametrize("typed", LOOK_ALIKES)
def test_a_member_cannot_take_a_look_alike(door: Door, post: Post, typed: str) -> None:
    signed_in(door, "ru")
    before = len(post.letters)
    door.start("ru", "change-email")
    assert door.answer("identity", email=typed, password=PASSWORD).errors == {("email", "invalid")}
    assert len(post.letters) == before


@pytest.mark.parametrize("typed", SPELLINGS)
def test_serbia_writes_to_the_spelling_on_file(door: Door, post: Post, typed: str) -> None:
    on_file(JELENA.but(email=ON_FILE))
    door.start("rs", "register")
    assert door.answer("identity", **client_form(policy_number="", email=typed)).result == {"next": "signin"}
    assert {letter.to for letter in post.deliver()} == {ON_FILE}
    assert ContactPoint.objects.get(kind="email").value == ON_FILE


@pytest.mark.parametrize("typed", SPELLINGS)
@pytest.mark.parametrize("mobile", [ANNA.mobile, "+79160000000"])
def test_russia_writes_to_the_spelling_on_file(door: Door, post: Post, typed: str, mobile: str) -> None:
    on_file(ANNA.but(email=ON_FILE))
    door.start("ru", "register", "open")
    reply = door.answer("identity", **open_form(email=typed, mobile=mobile))
    reply = door.answer("code", code=post.code(mobile))
    if reply.step == "email-code":
        door.answer("email-code", code=post.code(ON_FILE))
    post.deliver()
    assert {letter.to for letter in post.letters} == {ON_FILE, mobile}
    assert ContactPoint.objects.get(kind="email").value == ON_FILE


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_change_back_to_the_file_takes_the_spelling_on_file(door: Door, post: Post, typed: str) -> None:
    signed_in(door, "ru")
    person = Person.objects.get(given_name=ANNA.given_name)
    person.email = ON_FILE
    person.write_keys()
    person.save()
    door.start("ru", "change-email")
    door.answer("identity", email=typed, password=PASSWORD)
    door.answer("code", code=post.code(ANNA.mobile))
    post.deliver()
    assert [letter.to for letter in post.to(ON_FILE)] == [ON_FILE]
    door.answer("new-code", code=post.code(ON_FILE))
    assert ContactPoint.objects.get(kind="email").value == ON_FILE


def test_an_address_that_is_not_on_file_is_used_in_the_form_that_is_compared(client: Client, post: Post) -> None:
    on_file(JELENA)
    door = ApiDoor(client)
    door.start("rs", "register")
    door.answer("identity", **client_form(email=" New.Mail@ПРИМЕР.РФ "))
    door.answer("code", code=post.code(JELENA.mobile))
    door.answer("email-code", code=post.code("new.mail@пример.рф"))
    point = ContactPoint.objects.get(kind="email")
    assert (point.value, point.key) == ("new.mail@пример.рф", "new.mail@xn--e1afmkfd.xn--p1ai")


def test_a_username_from_another_keyboard_signs_in(door: Door, post: Post) -> None:
    on_file(BUDI)
    register(door, post, BUDI)
    username = door.shown()
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in username)
    door.start("id", "signin")
    assert door.answer("credentials", username=wide, password=PASSWORD).status == 200


@pytest.mark.parametrize("typed", ["+٣٨١٦٤١٢٣٤٥٦٧", "０６４１２３４５６７", "०६४ १२३४५६७"])
def test_digits_of_every_script_are_one_number(door: Door, post: Post, typed: str) -> None:
    on_file(JELENA)
    door.start("rs", "register")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in JELENA.national_id)
    assert door.answer("identity", **client_form(mobile=typed, national_id=wide)).result == {"next": "signin"}
    assert ContactPoint.objects.get(kind="mobile").value == JELENA.mobile
