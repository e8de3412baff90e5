"""Bodies that are not JSON, have the wrong shape, are too large, or have odd characters: never a server error."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.talk import FIRST_PAGES, MARKETS, Talk, assert_problem, told

type Talking = Callable[[str], Talk]

NO_JSON = {
    "nothing closed": b'{"journey":',
    "two documents": b"{}{}",
    "single quotes": b"{'journey': 'signin'}",
    "a form": b"journey=signin",
    "xml": b"<journey/>",
    "not utf-8": b'{"journey": "\xff\xfe\xfa"}',
    "a number without end": b'{"journey": ' + b"1" * 5_000 + b"}",
    "a deep list": b"[" * 100_000,
    "deep objects": b'{"a":' * 40_000,
}
NO_OBJECT = [b"[]", b"null", b"0", b"true", b'"signin"', b'[{"journey": "signin"}]', b"NaN", b""]
WRONG = (0, 1.5, True, [], ["signin"], {}, {"a": "b"})
ODD = ("\x00", "sign\x00in", "\u202e", "signin\ud800", "sīgnin", "../signin", "%00", "x" * 41, "' OR 1=1 --")


@pytest.mark.parametrize("what", NO_JSON)
@pytest.mark.parametrize("tail", ["", "/TOKEN", "/TOKEN/back"])
def test_what_is_no_json_is_a_400(talk: Talking, what: str, tail: str) -> None:
    rs = talk("rs")
    rs.start("signin")
    assert_problem(rs.send(rs.journeys + tail.replace("TOKEN", rs.token), NO_JSON[what]), 400)


@pytest.mark.parametrize("body", NO_OBJECT)
@pytest.mark.parametrize("tail", ["", "/TOKEN", "/TOKEN/back"])
def test_json_that_is_no_object_is_a_422(talk: Talking, body: bytes, tail: str) -> None:
    rs = talk("rs")
    rs.start("signin")
    assert_problem(rs.send(rs.journeys + tail.replace("TOKEN", rs.token), body), 422)


@pytest.mark.parametrize("member", ["journey", "way", "invitation", "device"])
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_member_of_a_start_with_a_wrong_type_is_named(talk: Talking, member: str, value: Any) -> None:
    rs = talk("rs")
    body = assert_problem(rs.send(rs.journeys, {"journey": "signin", member: value}), 422)
    assert {error["field"] for error in body["errors"]} == {member}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "step"),
        ({"step": None}, "step"),
        ({"step": 1}, "step"),
        ({"step": ["credentials"]}, "step"),
        ({"step": "credentials", "answers": None}, "answers"),
        ({"step": "credentials", "answers": []}, "answers"),
        ({"step": "credentials", "answers": "email"}, "answers"),
        ({"step": "credentials", "answers": {}, "token": "x"}, "token"),
        ({"answers": {}}, "step"),
        ({"step": "x" * 41}, "step"),
    ],
)
def test_a_member_of_an_answer_with_a_wrong_type_is_named(talk: Talking, body: Any, named: str) -> None:
    rs = talk("rs")
    rs.start("signin")
    problem = assert_problem(rs.send(rs.journey, body), 422)
    assert {error["field"] for error in problem["errors"]} == {named}


@pytest.mark.parametrize("body", [{}, {"to": None}, {"to": 1}, {"to": ["identity"]}, {"step": "identity"}])
def test_a_way_back_of_the_wrong_shape_is_a_422(talk: Talking, body: Any) -> None:
    rs = talk("rs")
    rs.start("signin")
    assert_problem(rs.send(f"{rs.journey}/back", body), 422)


def test_an_unknown_member_of_a_start_is_named(talk: Talking) -> None:
    rs = talk("rs")
    problem = assert_problem(rs.send(rs.journeys, {"journey": "signin", "is_staff": True}), 422)
    assert told(problem) == {("is_staff", "unknown_field")}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"journey": None}, "wrong_type"),
        ({"journey": 1}, "wrong_type"),
        ({"journey": ["signin"]}, "wrong_type"),
        ({"journey": "x" * 41}, "too_long"),
        ({"journey": "signin\ud800"}, "unsafe"),
    ],
)
def test_what_is_wrong_with_a_member_has_a_code_of_ours(talk: Talking, body: Any, code: str) -> None:
    rs = talk("rs")
    assert told(assert_problem(rs.send(rs.journeys, body), 422)) == {("journey", code)}


def test_a_body_that_is_no_object_is_told_of_as_a_whole(talk: Talking) -> None:
    rs = talk("rs")
    assert told(assert_problem(rs.send(rs.journeys, b"[]"), 422)) == {("", "wrong_type")}
    assert told(assert_problem(rs.send(rs.journeys, b"null"), 422)) <= {("", "required"), ("", "wrong_type")}


def test_a_member_with_a_name_of_half_a_sign_is_not_told_of_in_a_librarys_words(talk: Talking) -> None:
    rs = talk("rs")
    rs.start("signin")
    problem = assert_problem(rs.send(rs.journey, {"step": "credentials", "answers": {"\ud800": "x"}}), 422)
    assert not {error["field"] for error in problem["errors"]} & {"[key]", "body"}


def test_an_unknown_journey_is_blamed_on_the_journey_and_an_unknown_way_on_the_way(talk: Talking) -> None:
    rs = talk("rs")
    for body, field in (
        ({"journey": "fly"}, "journey"),
        ({"journey": "fly", "way": "client"}, "journey"),
        ({"journey": "register", "way": "swim"}, "way"),
    ):
        assert told(assert_problem(rs.send(rs.journeys, body), 422)) == {(field, "unknown")}


@pytest.mark.parametrize("member", ["journey", "way"])
@pytest.mark.parametrize("value", ODD, ids=ascii)
def test_an_unknown_journey_or_way_is_a_422(talk: Talking, member: str, value: str) -> None:
    rs = talk("rs")
    assert_problem(rs.send(rs.journeys, {"journey": "register", member: value}), 422)


@pytest.mark.parametrize("value", ["", *ODD[:-1], "x" * 300], ids=ascii)
def test_an_unknown_invitation_is_gone_or_refused(talk: Talking, value: str) -> None:
    ru = talk("ru")
    response = ru.send(ru.journeys, {"journey": "register", "way": "invitation", "invitation": value})
    assert response.status_code in (410, 422)
    assert_problem(response, response.status_code)


@pytest.mark.parametrize("size", [256 * 1024 + 1, 1_000_000])
def test_a_body_above_256_kilobytes_is_a_413(talk: Talking, size: int) -> None:
    rs = talk("rs")
    rs.start("signin")
    for address in (rs.journeys, rs.journey, f"{rs.journey}/back"):
        assert_problem(rs.send(address, b'{"journey": "' + b"a" * size + b'"}'), 413)


@pytest.mark.parametrize(("market", "journey", "way", "step"), FIRST_PAGES)
def test_very_long_texts_in_every_field_are_refused(
    talk: Talking, market: str, journey: str, way: str, step: str
) -> None:
    somebody = talk(market)
    for field in somebody.start(journey, way)["step"]["fields"]:
        if field["type"] != "boolean":
            problem = assert_problem(somebody.answer(step, **{field["name"]: "9" * 200_000}), 422)
            assert field["name"] in {error["field"] for error in problem["errors"]}


@pytest.mark.parametrize("bad", ["a\x00b", "a\u202eb", "a\ud800b", "\udcff"], ids=ascii)
@pytest.mark.parametrize(("market", "journey", "way", "step"), FIRST_PAGES)
def test_signs_that_no_honest_line_holds_are_refused_in_every_field(
    talk: Talking, market: str, journey: str, way: str, step: str, bad: str
) -> None:
    somebody = talk(market)
    for field in somebody.start(journey, way)["step"]["fields"]:
        if field["type"] in ("boolean", "password", "captcha") and bad == "a\u202eb":
            continue  # a password is taken as typed, and a payload is not text
        if field["type"] == "boolean":
            continue
        problem = assert_problem(somebody.answer(step, **{field["name"]: bad}), 422)
        assert field["name"] in {error["field"] for error in problem["errors"]}


@pytest.mark.parametrize(
    "email",
    [
        "a@\ud800.com",
        "a@b\u202e.com",
        "a\x00@b.com",
        "a@" + "\ufdfa" * 40 + ".com",
        "a@" + "é." * 100 + "com",
        "a@" + "b" * 64 + ".com",
        "a" * 250 + "@b.com",
        "a@b@c.com",
        "a b@c.com",
        "@",
        "a@[::1",
    ],
    ids=ascii,
)
def test_an_address_to_which_no_mail_could_go_is_refused(talk: Talking, email: str) -> None:
    rs = talk("rs")
    rs.start("signin")
    problem = assert_problem(rs.answer("credentials", email=email, password="x"), 422)
    assert {error["field"] for error in problem["errors"]} == {"email"}


@pytest.mark.parametrize("digits", ["٠٥", "०५", "０５"], ids=["arabic", "devanagari", "full width"])
def test_digits_of_other_scripts_are_read(talk: Talking, digits: str) -> None:
    ru = talk("ru")
    ru.start("recover")
    zero, five = digits
    written = str.maketrans("05", zero + five)
    answers = {"mobile": "+79055550505".translate(written), "birth_date": "1955-05-05".translate(written)}
    response = ru.answer("identity", **answers)
    assert response.status_code == 200
    assert response.json()["step"]["name"] == "code"


@pytest.mark.parametrize("key", ["\ud800", "\x00", "", "__proto__", "email\u202e", "x" * 5_000], ids=ascii)
def test_an_unknown_field_of_any_name_is_refused(talk: Talking, key: str) -> None:
    rs = talk("rs")
    rs.start("signin")
    problem = assert_problem(rs.answer("credentials", **{key: "x"}), 422)
    assert {error["code"] for error in problem["errors"]} & {"unknown_field", "unsafe"}


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "e30=",
        "form:",
        "form:x",
        "form:\u202e:x",
        "form:é:é:é",
        "bnVsbA==",
        "W10=",
        "é",
        "=" * 4_000,
    ],
    ids=ascii,
)
def test_a_made_up_captcha_is_refused(talk: Talking, payload: str) -> None:
    assert _captcha(talk, payload) & {("captcha", "captcha"), ("captcha", "required")}


@pytest.mark.parametrize("wrong", [0, None, True, [], ["a"], {}, "", "\ud800", "é", "1" * 900], ids=ascii)
@pytest.mark.parametrize("member", ["algorithm", "challenge", "salt", "signature", "number"])
def test_a_captcha_with_a_member_of_another_type_is_refused(talk: Talking, member: str, wrong: Any) -> None:
    made = {"algorithm": "SHA-256", "challenge": "a", "salt": "a?expires=1", "signature": "a", "number": 1}
    payload = base64.b64encode(json.dumps({**made, member: wrong}).encode()).decode()
    assert _captcha(talk, payload) == {("captcha", "captcha")}


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain; charset=rot13", "x"],
)
def test_a_body_is_read_as_json_whatever_it_is_called(talk: Talking, market: str, content_type: str) -> None:
    somebody = talk(market)
    good = somebody.client.generic("POST", somebody.journeys, b'{"journey": "signin"}', content_type)
    assert good.status_code == 201
    bad = somebody.client.generic("POST", somebody.journeys, b"journey=signin", content_type)
    assert_problem(bad, 400)


def _captcha(talk: Talking, payload: str) -> set[tuple[str, str]]:
    rs = talk("rs")
    rs.start("recover")
    answers = {"national_id": "0601999710135", "policy_number": "RS-1", "captcha": payload}
    return told(assert_problem(rs.answer("identity", **answers), 422))
