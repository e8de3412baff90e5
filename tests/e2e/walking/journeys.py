"""Answers of the people on the rosters, step by step, the same for pages and JSON."""

from dataclasses import dataclass, field
from typing import Protocol

from tests.cast import NEW_PASSWORD, PASSWORD
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.lists import Insured

type Answers = dict[str, str | bool]

SECRETS: Answers = {"password": PASSWORD, "password_repeat": PASSWORD}
NEW_SECRETS: Answers = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}
TICKS: Answers = {"accept_rules": True, "accept_personal_data": True}


@dataclass(frozen=True)
class Turn:
    """The answers to one step. `code_to` adds the code sent to that address; `captcha` adds the solved task."""

    step: str
    answers: Answers = field(default_factory=dict)
    code_to: str = ""
    captcha: bool = False


class Visitor(Protocol):
    """Somebody who uses pages or API, with a device of their own."""

    username: str

    def walk(self, market: str, journey: str, turns: list[Turn], *, way: str = "", link: str = "") -> None: ...
    def is_signed_in(self, market: str) -> bool: ...
    def sign_out(self, market: str) -> None: ...


def registration(one: Insured) -> list[Turn]:
    """All steps of registration."""
    match one.market:
        case "rs":
            return _serbian(one)
        case "id":
            return _indonesian(one)
        case _:
            return _russian(one)


def signin(one: Insured, *, username: str, password: str, code: bool, temporary: bool = False) -> list[Turn]:
    """Name and password, a code if `code`, and a new password if the old one is temporary."""
    names: dict[str, Answers] = {
        "rs": {"email": one.email},
        "id": {"username": username},
        "ru": {"mobile": one.mobile},
    }
    turns = [Turn("credentials", {**names[one.market], "password": password})]
    if code:
        turns.append(Turn("code", code_to=_reached_at(one)))
    if temporary:
        turns.append(Turn("new-password", NEW_SECRETS))
    return turns


def recovery(one: Insured, *, username: str) -> list[Turn]:
    """The steps of recovery. Serbia then sends a mail; other markets ask for a code and the new password."""
    if one.market == "rs":
        return [Turn("identity", {"national_id": one.national_id, "policy_number": one.policy_number}, captcha=True)]
    who: Answers = {"username": username}
    if one.market == "ru":
        who = {"mobile": one.mobile, "birth_date": one.birth_date}
    return [Turn("identity", who), Turn("code", code_to=_reached_at(one)), Turn("new-password", NEW_SECRETS)]


def register(one: Insured, visitor: Visitor, inbox: Inbox) -> None:
    """Open the account. Signs in, except in Serbia."""
    way = {"ru": one.way.removesuffix("-with-another-mobile"), "rs": "client"}.get(one.market, "")
    link = inbox.invitation(one.email) if one.way == "invitation" else ""
    visitor.walk(one.market, "register", registration(one), way=way, link=link)
    assert visitor.is_signed_in(one.market) == (one.market != "rs")


def sign_in_with_code(one: Insured, visitor: Visitor, *, username: str) -> None:
    """Sign in on an unknown device."""
    turns = signin(one, username=username, password=PASSWORD, code=True)
    visitor.walk(one.market, "signin", turns)
    assert visitor.is_signed_in(one.market)


def recover_and_sign_in(one: Insured, visitor: Visitor, inbox: Inbox) -> None:
    """Recover and sign in on the known device of the registration, where only Serbia asks for a code."""
    serbian = one.market == "rs"
    visitor.walk(one.market, "recover", recovery(one, username=visitor.username))
    assert not visitor.is_signed_in(one.market)
    password = inbox.temporary_password(one.email) if serbian else NEW_PASSWORD
    turns = signin(one, username=visitor.username, password=password, code=serbian, temporary=serbian)
    visitor.walk(one.market, "signin", turns)
    assert visitor.is_signed_in(one.market)


def _serbian(one: Insured) -> list[Turn]:
    answers: Answers = {
        "national_id": one.national_id,
        "policy_number": one.policy_number,
        "mobile": one.mobile,
        **SECRETS,
        "accept_privacy": True,
    }
    if one.way == "client":
        return [Turn("identity", answers, captcha=True)]
    first = Turn("identity", {**answers, "email": one.email}, captcha=True)
    return [first, Turn("code", code_to=one.number), Turn("email-code", code_to=one.email)]


def _indonesian(one: Insured) -> list[Turn]:
    answers: Answers = {"policy_number": one.policy_number, "birth_date": one.birth_date, "email": one.email}
    if one.way == "group":
        answers["participant_number"] = one.participant_number
    return [
        Turn("policy-type", {"policy_type": one.policy_type}),
        Turn("identity", answers),
        Turn("licence", {"accept_licence": True}),
        Turn("code", code_to=one.email),
        Turn("username"),
        Turn("password", SECRETS),
    ]


def _russian(one: Insured) -> list[Turn]:
    answers: Answers = {"mobile": one.mobile, **SECRETS, **TICKS}
    if one.way == "invitation":
        return [Turn("identity", {"policy_number": one.policy_number, **answers}), Turn("code", code_to=one.number)]
    answers |= {
        "surname": one.surname,
        "given_name": one.given_name,
        "patronymic": one.patronymic,
        "birth_date": one.birth_date,
        "email": one.email,
    }
    turns = [Turn("identity", answers), Turn("code", code_to=one.number)]
    return turns if one.way == "open" else [*turns, Turn("email-code", code_to=one.email)]


def _reached_at(one: Insured) -> str:
    return one.number if one.market == "ru" else one.email
