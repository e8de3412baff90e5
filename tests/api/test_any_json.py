"""Any JSON sent to any operation gets an answer, never a server error."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mypolis.foundation.guards.models import Counter
from tests.api.talk import FIRST_PAGES, MARKETS, Talk, assert_problem
from tests.cast import ANNA, BUDI, JELENA, PASSWORD, on_file
from tests.effort import examples
from tests.registration.steps import card_form, client_form, open_form

STEPS = sorted({step for *_way, step in FIRST_PAGES} | {"code", "licence", "username", "password", "email-code"})
FIELDS = [
    *("policy_type", "policy_number", "participant_number", "national_id", "surname", "given_name", "patronymic"),
    *("birth_date", "birth_date_day", "mobile", "email", "username", "password", "password_repeat", "code", "captcha"),
    *("accept_privacy", "accept_licence", "accept_rules", "accept_personal_data", "accept_marketing", "captcha_form"),
]
NASTY = st.sampled_from(
    [
        *(
            "",
            "\x00",
            "\ud800",
            "\udfff\ud800",
            "\u202eabc",
            "\ufeff",
            "\N{PILE OF POO}",
            "٠١٢٣٤٥",
            "ﷺ" * 120,
            "é" * 130,
        ),
        *("9" * 400, "0601999710135", "+381641234567", "+79161234567", "1990-05-17", "0000-00-00", "9999-99-99"),
        *(
            "GRP-88",
            "000123",
            "budi@example.test",
            "a@\u202eb.com",
            "form:x:y:z",
            "e30=",
            "%s%n",
            "{{7*7}}",
            "' OR 1=1",
        ),
        *("group", "individual", "123456", "seven quiet herons over Sava", "../../etc", "null", "\r\nX: y"),
    ]
)
TEXT = NASTY | st.text(st.characters(), max_size=30)
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
ANSWERS = st.dictionaries(st.sampled_from(FIELDS), NASTY | LEAF, max_size=12) | JSON
START = st.fixed_dictionaries(
    {"journey": st.sampled_from(["register", "signin", "recover", "recover-username"]) | LEAF},
    optional={
        "way": st.sampled_from(["client", "group", "sharia", "open", "invitation", ""]) | LEAF,
        "invitation": LEAF,
        "device": LEAF,
    },
)
REPLY = st.fixed_dictionaries({"step": st.sampled_from(STEPS) | LEAF, "answers": ANSWERS})
BACK = st.fixed_dictionaries({"to": st.sampled_from(STEPS) | LEAF})
BODY = START | REPLY | REPLY | REPLY | BACK | JSON
ADDRESS = st.sampled_from(
    [
        *(
            "/{market}/journeys",
            "/{market}/journeys/{token}",
            "/{market}/journeys/{token}",
            "/{market}/journeys/{token}",
        ),
        *("/{market}/journeys/{token}/back", "/{market}/journeys/{token}/resend", "/{market}/me", "/{market}/signout"),
        *("/{market}/policies", "/{market}/policies/{token}", "/{market}/cover", "/{market}/benefits/{token}"),
        *("/{market}", "/{market}/captcha", "/{market}/documents/{token}", "/", "/openapi.json"),
    ]
)
PAYLOAD = st.dictionaries(
    st.sampled_from(["algorithm", "challenge", "salt", "signature", "number"]),
    JSON | st.sampled_from(["SHA-256", "a?expires=9"]),
    min_size=4,
).map(lambda made: base64.b64encode(json.dumps(made).encode()).decode())
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        name: st.text(st.characters(max_codepoint=255), max_size=40)
        for name in ("accept-language", "authorization", "user-agent", "cookie", "x-forwarded-for", "accept")
    },
)


FORMS = [
    ("rs", "register", "client", client_form(captcha="e30=", email="new@example.test")),
    ("rs", "signin", "", {"email": "budi@example.test", "password": PASSWORD}),
    ("rs", "recover", "", {"national_id": "0601999710135", "policy_number": "RS-1", "email": "", "captcha": "e30="}),
    ("id", "register", "", {"policy_type": "group"}),
    ("id", "register", "group", card_form()),
    ("id", "signin", "", {"username": "kadusa4826", "password": PASSWORD}),
    ("id", "recover", "", {"username": "kadusa4826"}),
    ("id", "recover-username", "group", card_form()),
    ("ru", "register", "open", open_form()),
    ("ru", "signin", "", {"mobile": "+79161234567", "password": PASSWORD}),
    ("ru", "recover", "", {"mobile": "+79161234567", "birth_date": "1988-03-14"}),
]
bounded = settings(
    max_examples=examples(200, quick=40),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def tokens(client: Client, db: None) -> list[tuple[str, str]]:
    """(market, token) of journeys at their first step, and of one at its code."""
    found = []
    for market, journey, way, _step in FIRST_PAGES:
        talk = Talk(client, market)
        talk.start(journey, way)
        found.append((market, talk.token))
    on_file(BUDI)
    budi = Talk(client, "id")
    budi.start("register", "group")
    budi.answer("identity", **card_form())
    assert budi.answer("licence", accept_licence=True).status_code == 200
    return [*found, ("id", budi.token)]


@bounded
@given(data=st.data())
def test_no_request_makes_the_api_fail(client: Client, tokens: list[tuple[str, str]], data: st.DataObject) -> None:
    market, token = data.draw(st.sampled_from(tokens))
    odd = data.draw(st.none() | TEXT)
    address = data.draw(ADDRESS).format(
        market=data.draw(st.sampled_from([market] * 8 + [*MARKETS, quote(odd or "xx", safe="", errors="replace")])),
        token=token if odd is None else quote(odd, safe="", errors="surrogatepass"),
    )
    body = json.dumps(data.draw(BODY))
    method = data.draw(st.sampled_from(["POST"] * 6 + ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"]))
    response = client.generic(method, f"/api/v1{address}", body, "application/json", headers=data.draw(HEADERS))
    _assert_answered(response, method)


@pytest.fixture
def people(db: None) -> None:
    """The people of the forms, on file."""
    for somebody in (JELENA, BUDI, ANNA):
        on_file(somebody)


@bounded
@given(data=st.data())
def test_no_value_beside_right_ones_makes_a_step_fail(client: Client, people: None, data: st.DataObject) -> None:
    Counter.objects.all().delete()
    market, journey, way, form = data.draw(st.sampled_from(FORMS))
    talk = Talk(client, market)
    document = talk.start(journey, way)
    wrong = data.draw(st.dictionaries(st.sampled_from(sorted(form)), NASTY | LEAF | PAYLOAD, min_size=1, max_size=2))
    _assert_answered(talk.answer(document["step"]["name"], **{**form, **wrong}), "POST")
    assert client.get(talk.journey).status_code == 200


def _assert_answered(response: Any, method: str) -> None:
    assert response.status_code < 500, response.content
    if response.status_code >= 400 and response.status_code != 405 and method != "HEAD":
        assert_problem(response, response.status_code)
