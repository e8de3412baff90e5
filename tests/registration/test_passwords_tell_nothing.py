"""Before a code is entered, data on file do not affect the verdict on a password; costly work comes last."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.factors.passwords import password_rules
from mypolis.foundation.guards.flows import spend_address
from mypolis.membership.accounts import forms
from mypolis.membership.people.models import Person
from mypolis.membership.registration.limits import FAILED_MATCHES, FAILED_MATCHES_PER_ADDRESS
from mypolis.membership.roster.invitations import invite
from tests.cast import ANNA, BUDI, JELENA, PASSWORD, TICKS, VERA, on_file
from tests.doors import ApiDoor, Door, Reply
from tests.post import Post
from tests.registration.steps import card_form, client_form, open_form, register, solved

# Each is built from data on file, and from nothing that is typed on the page.
OWN_IN_SERBIA = ["Petrović-Jelena-Petrović", "Petrović Jelena 0641", "jelena@example.test", "RS-2001 RS-2001 RS"]
OWN_BY_LINK = [
    *("Соколова Сергеевна Анна", "14.03.1988 Соколова", "14031988 Сергеевна", "anna@example.test"),
    *("79161234567 Соколова", "1988 Соколова 1988 Анна"),
]
MADE_UP = "Ковалёва Тимофеевна Анна"  # not from anybody's data


def refused(reply: Reply) -> set[str]:
    return {code for field, code in reply.errors if field == "password"}


def in_serbia(door: Door, password: str) -> Reply:
    """Send the whole page with the e-mail and without a policy number."""
    door.start("rs", "register")
    form = client_form(policy_number="", email="jeca@drugde.example", password=password, password_repeat=password)
    return door.answer("identity", **form)


def by_link(door: Door, post: Post, password: str, policy_number: str = "ДМС-204/7") -> Reply:
    door.start("ru", "register", "invitation", invitation=post.to(ANNA.email)[0].links[0].rsplit("/", 1)[1])
    form = {"policy_number": policy_number, "mobile": "+79160000000", **TICKS}
    return door.answer("identity", **form, password=password, password_repeat=password)


@pytest.mark.parametrize("password", OWN_IN_SERBIA)
def test_in_serbia_the_file_changes_no_verdict(door: Door, post: Post, password: str) -> None:
    before = in_serbia(door, password)
    on_file(JELENA)
    after = in_serbia(door, password)
    assert refused(before) == refused(after)
    assert "personal" not in refused(after)
    assert (before.status, before.errors) == (after.status, after.errors), "no match: the address is not on file"


@pytest.mark.parametrize("password", ["Petrović-Jelena-Petrović", "06.01.1999 Petrović"])
def test_in_serbia_a_full_match_changes_no_verdict_either(door: Door, post: Post, password: str) -> None:
    on_file(JELENA)
    door.start("rs", "register")
    reply = door.answer("identity", **client_form(password=password, password_repeat=password))
    assert reply.result == {"next": "signin"}


@pytest.mark.parametrize("password", OWN_BY_LINK)
def test_with_a_link_alone_the_file_changes_no_verdict(door: Door, post: Post, password: str) -> None:
    person = on_file(ANNA)
    invite(market="ru", person_ids=[person.pk], by=SYSTEM)
    assert by_link(door, post, MADE_UP, "ДМС-999").errors == {("", "no_match")}
    assert by_link(door, post, password, "ДМС-999").errors == {("", "no_match")}
    assert by_link(door, post, password).step == "code"


def test_in_russia_without_a_link_only_the_page_counts(door: Door, post: Post) -> None:
    on_file(ANNA.but(email="vesnushka.sever@example.test"))
    door.start("ru", "register", "open")
    for own in ("vesnushka sever", "Vesnushka.Sever@example.test"):
        form = open_form(email="else@example.test", birth_date="1977-01-01", password=own, password_repeat=own)
        assert door.answer("identity", **form).errors == {("", "no_match")}
    for typed in ("Соколова 1988 Анна", "14031988 Сергеевна", "79161234567 Анна"):
        reply = door.answer("identity", **open_form(password=typed, password_repeat=typed))
        assert reply.errors == {("password", "personal")}


@pytest.mark.parametrize("market", ["rs", "ru", "link"])
def test_before_a_code_nothing_on_file_is_even_read(
    door: Door, post: Post, market: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_what: object) -> list[str]:
        raise AssertionError("data on file were read")

    person = on_file(JELENA if market == "rs" else ANNA)
    monkeypatch.setattr(forms, "own_words", read)
    monkeypatch.setattr(forms, "words_of", read)
    if market == "rs":
        assert in_serbia(door, PASSWORD).errors == {("", "no_match")}
    elif market == "link":
        invite(market="ru", person_ids=[person.pk], by=SYSTEM)
        assert by_link(door, post, PASSWORD).step == "code"
    else:
        door.start("ru", "register", "open")
        assert door.answer("identity", **open_form()).step == "code"


def test_a_code_to_ones_own_number_opens_no_data_on_file_on_the_way_back(door: Door, post: Post) -> None:
    on_file(ANNA)
    stranger, own = "+79160000000", "79161234567-8305"
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(mobile=stranger))
    assert door.answer("code", code=post.code(stranger)).step == "email-code"
    assert door.back("identity").step == "identity"
    form = open_form(mobile=stranger, password=own, password_repeat=own)
    assert door.answer("identity", **form).step == "email-code"


def recovered(door: Door, post: Post, market: str) -> None:
    """Walk a recovery to its last page."""
    door.start(market, "recover")
    if market == "ru":
        door.answer("identity", mobile=ANNA.mobile, birth_date=ANNA.birth_date)
        door.answer("code", code=post.code(ANNA.mobile))
    else:
        door.answer("identity", username=door.username)  # type: ignore[union-attr]
        door.answer("code", code=post.code(BUDI.email))


@pytest.mark.parametrize(
    ("market", "own"),
    [
        ("ru", "Соколова Сергеевна"),
        ("ru", "anna@example.test"),
        ("id", "Santoso 17051990"),
        ("id", "000123 000123 1990"),
    ],
)
def test_after_the_code_of_a_recovery_data_on_file_count(door: Door, post: Post, market: str, own: str) -> None:
    somebody = ANNA if market == "ru" else BUDI
    on_file(somebody)
    register(door, post, somebody)
    door.username = door.shown()  # type: ignore[union-attr]
    door.sign_out()
    recovered(door, post, market)
    reply = door.answer("new-password", password=own, password_repeat=own)
    assert reply.errors == {("password", "personal")}


def test_after_a_temporary_password_data_on_file_count(door: Door, post: Post) -> None:
    on_file(JELENA)
    register(door, post, JELENA)
    door.start("rs", "recover")
    form = {"national_id": JELENA.national_id, "policy_number": JELENA.policy_number, "email": ""}
    door.answer("identity", **form, captcha=solved("rs"))
    text = post.to(JELENA.email)[0].text
    temporary = next(word.strip("*`") for word in text.split() if word.count("-") == 3)
    door.start("rs", "signin")
    door.answer("credentials", email=JELENA.email, password=temporary)
    assert door.answer("code", code=post.code(JELENA.email)).step == "new-password"
    own = "Petrović-Jelena-Petrović"
    assert door.answer("new-password", password=own, password_repeat=own).errors == {("password", "personal")}


# Costly work comes last.


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record each password that was rated or hashed."""
    done: list[str] = []

    def noted[**P, T](name: str, does: Callable[P, T]) -> Callable[P, T]:
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            done.append(name)
            return does(*args, **kwargs)

        return run

    for name in ("problems", "hash_password"):
        monkeypatch.setattr(password_rules, name, noted(name, getattr(password_rules, name)))
    return done


def use_up_address(settings: Any, market: str) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": 1 / FAILED_MATCHES_PER_ADDRESS.most})
    spend_address(FAILED_MATCHES_PER_ADDRESS, by=Actor("stranger", address="127.0.0.1"), market=market)


@pytest.mark.parametrize("market", ["rs", "ru"])
def test_past_the_address_limit_no_password_is_measured_or_hashed(
    door: Door, post: Post, settings: Any, work: list[str], market: str
) -> None:
    door.start(market, "register")
    use_up_address(settings, market)
    form = client_form() if market == "rs" else open_form()
    assert door.answer("identity", **form).status == 429
    assert work == []


@pytest.mark.parametrize("market", ["rs", "ru"])
def test_past_the_limit_of_what_was_typed_no_password_is_measured_or_hashed(
    door: Door, post: Post, work: list[str], market: str
) -> None:
    form = client_form() if market == "rs" else open_form()
    for number in range(FAILED_MATCHES.most):
        stranger = ApiDoor(Client(REMOTE_ADDR=f"198.51.100.{number + 1}"))
        stranger.start(market, "register")
        again = {"captcha": solved("rs")} if market == "rs" else {}
        assert stranger.answer("identity", **form | again).errors == {("", "no_match")}
    work.clear()
    door.start(market, "register")
    assert [door.answer("identity", **form).status for _time in range(3)] == [429] * 3
    assert work == []


def test_before_a_good_captcha_no_password_is_measured_or_hashed(door: Door, post: Post, work: list[str]) -> None:
    door.start("rs", "register")
    assert door.answer("identity", **client_form(captcha="bm9uc2Vuc2U=")).errors == {("captcha", "captcha")}
    assert work == []


@pytest.mark.parametrize("market", ["rs", "ru"])
@pytest.mark.parametrize("bad", [{"mobile": "1"}, {"password": "x" * 200, "password_repeat": "x" * 200}])
def test_what_the_form_refuses_is_not_measured(
    door: Door, post: Post, work: list[str], market: str, bad: dict[str, str]
) -> None:
    door.start(market, "register")
    form = client_form(**bad) if market == "rs" else open_form(**bad)
    assert door.answer("identity", **form).status == 422
    assert work == []


def test_an_easy_password_is_counted_for_the_address_and_for_nobody_on_file(
    client: Client, post: Post, settings: Any
) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": 20 / FAILED_MATCHES_PER_ADDRESS.most})
    on_file(ANNA)
    door = ApiDoor(client)
    door.start("ru", "register", "open")
    easy = {"password": "пароль123456", "password_repeat": "пароль123456"}
    for _try in range(19):
        assert door.answer("identity", **open_form(**easy)).errors == {("password", "too_easy")}
    assert door.answer("identity", **open_form()).step == "code", "nothing of Anna's was used up"
    on_file(VERA)
    door.start("ru", "register", "open")
    assert door.answer("identity", **open_form(VERA, **easy)).errors == {("password", "too_easy")}
    assert door.answer("identity", **open_form(VERA)).status == 429


def test_in_indonesia_the_password_comes_after_the_code(door: Door, post: Post, work: list[str]) -> None:
    on_file(BUDI)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    door.answer("licence", accept_licence=True)
    assert work == []
    assert Person.objects.count() == 1
