"""Walks through the journeys of each market that answer every step at least once."""

from pyotp import TOTP

from mypolis.foundation.events import SYSTEM
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.passwords.temporary_passwords import send_temporary_password
from mypolis.membership.roster.invitations import invite
from tests.cast import ALI, ANNA, BUDI, JELENA, NEW_PASSWORD, Somebody, on_file
from tests.doors import ApiDoor
from tests.post import Post
from tests.registration.steps import card_form, client_form, open_form, sign_in, solved


def through_serbia(door: ApiDoor, post: Post) -> None:
    """Register with a new e-mail, so that both codes are needed."""
    on_file(JELENA)
    door.start("rs", "register", "client")
    door.answer("identity", **client_form(email="new@example.test"))
    door.answer("code", code=post.code(JELENA.mobile))
    door.answer("email-code", code=post.code("new@example.test"))
    moved = JELENA.but(email="new@example.test")
    sign_in_with_temporary(door, post, moved, moved.email)
    change(door, post, "email", "newer@example.test", JELENA.mobile)
    change(door, post, "mobile", "+381649990011", "newer@example.test")
    add_bank_account(door, post, "+381649990011", account_number="160-123456789-56")
    door.start("rs", "recover")
    door.answer(
        "identity",
        national_id=JELENA.national_id,
        policy_number=JELENA.policy_number,
        email="",
        captcha=solved(),
    )


def through_indonesia(door: ApiDoor, post: Post) -> None:
    """Register without a way, so that the type of policy is asked."""
    on_file(BUDI)
    door.start("id", "register")
    door.answer("policy-type", policy_type="group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    door.answer("code", code=post.code(BUDI.email))
    username = door.shown()
    door.answer("username")
    door.answer("password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
    sign_in_with_temporary(door, post, BUDI, username)
    change(door, post, "email", "newer@example.test", BUDI.email)
    add_bank_account(door, post, "newer@example.test", bank="014", account_number="0012345678")
    recover(door, post, "newer@example.test", username=username)
    door.start("id", "recover-username")
    door.answer("policy-type", policy_type="group")
    door.answer("identity", **card_form())


def through_russia(door: ApiDoor, post: Post) -> None:
    """Register with a link, and without a link with a mobile that is not on file."""
    person = on_file(ALI)
    invite(market="ru", person_ids=[person.pk], by=SYSTEM)
    token = post.to(ALI.email)[0].links[0].rpartition("/")[2]
    door.start("ru", "register", "invitation", invitation=token)
    first = open_form(ALI, policy_number=ALI.policy_number)
    asked = [field["name"] for field in door.document["step"]["fields"]]
    door.answer("identity", **{name: first[name] for name in asked})
    door.answer("code", code=post.code(ALI.mobile))

    on_file(ANNA)
    mobile = "+79169990011"
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(ANNA, mobile=mobile))
    door.answer("code", code=post.code(mobile))
    door.answer("email-code", code=post.code(ANNA.email))
    sign_in_with_temporary(door, post, ANNA.but(mobile=mobile), mobile)
    use_an_app(door, post, mobile)
    another = "+79169990022"
    change(door, post, "mobile", another, ANNA.email)
    change(door, post, "email", "newer@example.test", another)
    add_bank_account(door, post, another, bik="044525225", account_number="40817810612345678901")
    recover(door, post, another, mobile=another, birth_date=ANNA.birth_date)


WALKS = {"rs": through_serbia, "id": through_indonesia, "ru": through_russia}


def sign_in_with_temporary(door: ApiDoor, post: Post, somebody: Somebody, name: str) -> None:
    """Sign in on a new device with a temporary password: credentials, code, new password."""
    door.device = ""
    account = Account.objects.filter(market=somebody.market).latest("pk")
    send_temporary_password(account=account, market=account.market, language=account.language, by=SYSTEM)
    post.deliver()
    letter = next(letter for letter in reversed(post.letters) if letter.template == "temporary-password")
    temporary = next(word.strip("*`.,") for word in letter.text.split() if word.strip("*`.,").count("-") == 3)
    assert sign_in(door, post, somebody, name, temporary).step == "new-password"
    door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)


def change(door: ApiDoor, post: Post, kind: str, to: str, standing: str) -> None:
    """Change a contact point, with a code to a confirmed one and a code to the new one."""
    door.start(door.market, f"change-{kind}")
    door.answer("identity", **{kind: to, "password": NEW_PASSWORD})
    door.answer("code", code=post.code(standing))
    door.answer("new-code", code=post.code(to))
    assert door.document["state"] == "done"


def add_bank_account(door: ApiDoor, post: Post, standing: str, **number: str) -> None:
    """Add a bank account."""
    door.start(door.market, "bank-account")
    door.answer("bank-account", holder="Somebody Else", **number)
    door.answer("code", code=post.code(standing))
    assert door.document["state"] == "done"


def use_an_app(door: ApiDoor, post: Post, standing: str) -> None:
    """Link an authenticator app, and unlink it."""
    door.start("ru", "link-authenticator")
    door.answer("identity", password=NEW_PASSWORD)
    door.answer("code", code=post.code(standing))
    secret = door.document["step"]["shows"]["key"].replace(" ", "")
    door.answer("authenticator", code=TOTP(secret).now())
    door.start("ru", "unlink-authenticator")
    door.answer("identity", password=NEW_PASSWORD)
    assert door.document["state"] == "done"


def recover(door: ApiDoor, post: Post, address: str, **identity: str) -> None:
    """Recover access with a code."""
    door.start(door.market, "recover")
    door.answer("identity", **identity)
    door.answer("code", code=post.code(address))
    door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
