"""Register, sign out, sign in, recover and sign in again, through both doors, in each market."""

from tests.cast import ANNA, AYU, BUDI, JELENA, NEW_PASSWORD, PASSWORD, on_file
from tests.doors import Door
from tests.post import Post
from tests.registration.steps import register, sign_in, solved


def test_a_client_in_serbia_registers_signs_in_recovers_and_signs_in_again(door: Door, post: Post) -> None:
    on_file(JELENA)
    reply = register(door, post, JELENA)
    assert reply.result == {"next": "signin"}
    assert [letter.template for letter in post.to(JELENA.email)] == ["account-created"]

    assert sign_in(door, post, JELENA, "Jelena@Example.test").status == 200
    assert door.is_signed_in()
    door.sign_out()
    assert not door.is_signed_in()

    door.start("rs", "recover")
    form = {"national_id": JELENA.national_id, "policy_number": "rs 2001", "email": "", "captcha": solved()}
    assert door.answer("identity", **form).result == {"next": "signin"}
    letter = post.to(JELENA.email)[0]
    assert letter.template == "temporary-password"
    temporary = next(word.strip("*`") for word in letter.text.split() if word.count("-") == 3)
    assert sign_in(door, post, JELENA, JELENA.email, temporary).step == "new-password"
    door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
    assert door.is_signed_in()
    door.sign_out()
    assert "bad_credentials" in sign_in(door, post, JELENA, JELENA.email, PASSWORD).codes
    sign_in(door, post, JELENA, JELENA.email, NEW_PASSWORD)
    assert door.is_signed_in()


def test_a_participant_in_indonesia_registers_signs_in_recovers_and_signs_in_again(door: Door, post: Post) -> None:
    on_file(BUDI)
    assert register(door, post, BUDI).status == 200
    username = door.shown()
    assert len(username) >= 6
    assert door.is_signed_in()
    door.sign_out()
    sign_in(door, post, BUDI, username.upper())
    assert door.is_signed_in()
    door.sign_out()

    door.start("id", "recover")
    assert door.answer("identity", username=username).step == "code"
    assert door.answer("code", code=post.code(BUDI.email)).step == "new-password"
    reply = door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
    assert reply.result == {"next": "signin"}
    sign_in(door, post, BUDI, username, NEW_PASSWORD)
    assert door.is_signed_in()


def test_a_forgotten_username_is_sent_to_the_account(door: Door, post: Post) -> None:
    on_file(AYU)
    register(door, post, AYU)
    username = door.shown()
    door.start("id", "recover-username", "individual")
    reply = door.answer("identity", policy_number="IND-7", birth_date=AYU.birth_date, email=AYU.email)
    assert reply.result == {"next": "signin"}
    assert username in post.to(AYU.email)[0].text


def test_an_employee_in_russia_registers_signs_in_recovers_and_signs_in_again(door: Door, post: Post) -> None:
    on_file(ANNA)
    assert register(door, post, ANNA).status == 200
    assert door.is_signed_in()
    door.sign_out()
    sign_in(door, post, ANNA, "8 916 123-45-67")
    assert door.is_signed_in()
    door.sign_out()

    door.start("ru", "recover")
    assert door.answer("identity", mobile=ANNA.mobile, birth_date=ANNA.birth_date).step == "code"
    assert door.answer("code", code=post.code(ANNA.mobile)).step == "new-password"
    reply = door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
    assert reply.result == {"next": "signin"}
    sign_in(door, post, ANNA, ANNA.mobile, NEW_PASSWORD)
    assert door.is_signed_in()
