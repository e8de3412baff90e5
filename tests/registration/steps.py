"""Filled-in first pages, and helpers that register and sign in."""

import base64
import json
from typing import Any
from unittest.mock import patch

from altcha import solve_challenge_v1

from mypolis.foundation.guards import captcha
from tests.cast import ANNA, BUDI, JELENA, PASSWORD, TICKS, Somebody
from tests.doors import Door, Reply
from tests.post import Post


def solved(market: str = "rs") -> str:
    """The solution of a quick captcha task, checked like any other."""
    with patch.object(captcha, "HARDEST", 20):
        task = captcha.challenge(market)
    found = solve_challenge_v1(task["challenge"], task["salt"], task["algorithm"], task["maxnumber"], 0)
    answer = {key: task[key] for key in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps({**answer, "number": found.number}).encode()).decode()


def client_form(somebody: Somebody = JELENA, **changes: Any) -> dict[str, Any]:
    """The Serbian page."""
    return {
        "national_id": somebody.national_id,
        "policy_number": somebody.policy_number,
        "email": "",
        "mobile": somebody.mobile,
        "password": PASSWORD,
        "password_repeat": PASSWORD,
        "accept_privacy": True,
        "captcha": solved("rs"),
        **changes,
    }


def card_form(somebody: Somebody = BUDI, **changes: Any) -> dict[str, Any]:
    """The Indonesian first page."""
    form = {"policy_number": somebody.policy_number, "birth_date": somebody.birth_date, "email": somebody.email}
    if somebody.policy_type == "group":
        form["participant_number"] = somebody.participant_number
    return form | changes


def open_form(somebody: Somebody = ANNA, **changes: Any) -> dict[str, Any]:
    """The Russian page without a link."""
    return {
        "surname": somebody.surname,
        "given_name": somebody.given_name,
        "patronymic": somebody.patronymic,
        "birth_date": somebody.birth_date,
        "mobile": somebody.mobile,
        "email": somebody.email,
        "password": PASSWORD,
        "password_repeat": PASSWORD,
        **TICKS,
        **changes,
    }


def register(door: Door, post: Post, somebody: Somebody) -> Reply:
    """The happy path of the person's market."""
    if somebody.market == "rs":
        door.start("rs", "register", "client")
        return door.answer("identity", **client_form(somebody))
    if somebody.market == "ru":
        door.start("ru", "register", "open")
        door.answer("identity", **open_form(somebody))
        return door.answer("code", code=post.code(somebody.mobile))
    door.start("id", "register", somebody.policy_type)
    door.answer("identity", **card_form(somebody))
    door.answer("licence", accept_licence=True)
    door.answer("code", code=post.code(somebody.email))
    door.answer("username")
    return door.answer("password", password=PASSWORD, password_repeat=PASSWORD)


def sign_in(door: Door, post: Post, somebody: Somebody, name: str, password: str = PASSWORD) -> Reply:
    """Sign in, with the code if one is required."""
    field = {"rs": "email", "id": "username", "ru": "mobile"}[somebody.market]
    door.start(somebody.market, "signin")
    reply = door.answer("credentials", **{field: name, "password": password})
    if reply.step == "code":
        to = somebody.mobile if somebody.market == "ru" else somebody.email
        reply = door.answer("code", code=post.code(to))
    return reply
