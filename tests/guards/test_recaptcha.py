"""reCAPTCHA in a market that chooses it: a "yes" counts once, for this form; no answer never counts as "yes"."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.guards import recaptcha
from mypolis.foundation.guards.captcha import WAIT
from mypolis.foundation.guards.findings import findings as recaptcha_findings
from mypolis.foundation.guards.limits import WAITED_FORMS
from mypolis.foundation.markets import market, registry
from mypolis.foundation.markets.serbia import PROFILE
from tests.cast import JELENA, on_file
from tests.doors import ApiDoor, PageDoor
from tests.guards.fake_recaptcha import SITE_KEY, FakeRecaptcha
from tests.guards.test_captcha import sixteen_at_once
from tests.registration.steps import client_form, solved
from tests.web.safety.headers import CSP, policy

REGISTER = "rs/register"


@pytest.fixture
def google(settings: Any, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[FakeRecaptcha]:
    """Serbia with reCAPTCHA, and a fake of Google's service."""
    monkeypatch.setitem(registry.all_markets(), "rs", replace(PROFILE, captcha_by="recaptcha"))
    monkeypatch.setattr(recaptcha, "_away_until", 0.0)
    with FakeRecaptcha().serving() as fake:
        changes = {**fake.settings, "public_url": f"https://{fake.hostname}"}
        settings.MYPOLIS = settings.MYPOLIS.model_copy(update=changes)
        yield fake
    assert fake.faults == []


def registers(proof: str, door: ApiDoor | None = None) -> Any:
    """Register Jelena with this proof, in the format of a page's form."""
    on_file(JELENA)
    door = door or ApiDoor(Client())
    door.start("rs", "register", "client")
    return door.answer("identity", **client_form(captcha=proof))


PASSED = {"next": "signin"}
REFUSED = {("captcha", "captcha")}


# What does not pass


def test_a_made_up_token_does_not_pass_whatever_else_comes_with_it(google: FakeRecaptcha) -> None:
    assert registers(f"recaptcha:made-up {solved()}").errors == REFUSED


@pytest.mark.parametrize(
    "told",
    [
        {"hostname": "elsewhere.example"},
        {"hostname": None},
        {"action": "rs/recover"},
        {"score": 0.4},
        {"score": None},
        {"score": "0.9"},
        {"score": True},
        {"success": False},
    ],
    ids=str,
)
def test_a_yes_for_another_site_or_form_or_with_a_low_score_is_none(google: FakeRecaptcha, told: Any) -> None:
    google.moods.append(told)
    assert registers(f"recaptcha:{google.token(REGISTER)} {solved()}").errors == REFUSED


def test_a_token_of_another_form_of_ours_does_not_pass(google: FakeRecaptcha) -> None:
    assert registers(f"recaptcha:{google.token('rs/recover')} ").errors == REFUSED


@pytest.mark.django_db(transaction=True)
def test_of_sixteen_replays_at_once_one_passes(google: FakeRecaptcha) -> None:
    token = google.token(REGISTER)
    passed = sixteen_at_once(lambda _number: recaptcha.opinion_of(token, action=REGISTER) == "person")
    assert passed.count(True) == 1
    assert google.checks == [token], "and Google is asked about it once"


BAD_DAYS = {"it fails": 500, "it is overloaded": 429, "no json": "no json", "an empty answer": 200, "too slow": "slow"}


@pytest.mark.parametrize("mood", BAD_DAYS.values(), ids=BAD_DAYS)
def test_while_google_is_away_no_token_passes_by_itself(
    google: FakeRecaptcha, mood: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recaptcha._client, "timeout", 0.2)
    google.moods.append(mood)
    assert registers(f"recaptcha:{google.token(REGISTER)} ").errors == REFUSED


def test_a_wrong_secret_is_our_fault_and_lets_nobody_in(google: FakeRecaptcha, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"recaptcha_secret_key": "another"})
    assert registers(f"recaptcha:{google.token(REGISTER)} ").errors == REFUSED
    assert recaptcha.is_away()


def test_a_market_that_did_not_choose_it_takes_none(google: FakeRecaptcha, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.all_markets(), "rs", PROFILE)
    assert registers(f"recaptcha:{google.token(REGISTER)} ").errors == REFUSED
    assert google.checks == []


# What passes


def test_a_good_token_passes_and_google_learns_nothing_of_the_person(google: FakeRecaptcha) -> None:
    assert registers(f"recaptcha:{google.token(REGISTER)} ").result == PASSED
    assert len(google.checks) == 1  # the stand-in refuses any member but the secret and the token


def test_on_a_bad_day_the_page_s_own_proof_counts_and_google_is_left_alone(google: FakeRecaptcha) -> None:
    google.moods.append(503)
    assert registers(f"recaptcha:{google.token(REGISTER)} {solved()}").result == PASSED
    assert recaptcha.is_away()
    page = PageDoor(Client())
    assert "api.js" not in page.start("rs", "register", "client").text


def test_after_its_rest_google_is_asked_again(google: FakeRecaptcha, monkeypatch: pytest.MonkeyPatch) -> None:
    google.moods.append(503)
    recaptcha.opinion_of(google.token(REGISTER), action=REGISTER)
    later = recaptcha.time.monotonic() + recaptcha.REST_SECONDS + 1
    monkeypatch.setattr(recaptcha.time, "monotonic", lambda: later)
    assert recaptcha.opinion_of(google.token(REGISTER), action=REGISTER) == "person"


def test_without_google_s_word_work_is_under_the_limit_of_waiting(google: FakeRecaptcha) -> None:
    door = ApiDoor(Client())
    door.start("rs", "register", "client")
    statuses = []
    for _time in range(WAITED_FORMS.most + 1):
        form = client_form(policy_number="RS-9999", national_id="0101006500006", mobile="", captcha=solved())
        statuses.append(door.answer("identity", **{**form, "mobile": f"+38164123{_time:04}"}).status)
    assert 429 in statuses


# The page


def test_its_page_loads_the_script_and_opens_the_policy_for_it_alone(google: FakeRecaptcha) -> None:
    answer = Client().get("/rs/register/client/")
    text = answer.content.decode()
    assert f'src="{google.url}/api.js?render={SITE_KEY}"' in text
    assert f'data-action="{REGISTER}"' in text
    opened = policy(answer)
    here = f"{google.url}/"
    assert opened["script-src"] == f"'self' {here} https://www.gstatic.com/recaptcha/"
    assert opened["frame-src"] == f"{here} https://recaptcha.google.com/recaptcha/"
    assert opened["connect-src"] == f"'self' {here}"
    same = {name: value for name, value in CSP.items() if name not in opened or opened[name] == value}
    assert CSP.keys() - same.keys() == {"script-src", "connect-src"}
    assert not [name for name in opened if "trusted-types" in name]


@pytest.mark.parametrize("address", ["/rs/", "/rs/signin/", "/ru/register/open/", "/id/register/group/"])
def test_other_pages_keep_their_policy(google: FakeRecaptcha, address: str) -> None:
    answer = Client().get(address)
    assert policy(answer) == CSP
    assert "api.js" not in answer.content.decode()


def test_without_script_the_page_is_taken_after_its_wait(google: FakeRecaptcha) -> None:
    on_file(JELENA)
    page = PageDoor(Client())
    page.start("rs", "register", "client")
    form = {name: value for name, value in client_form().items() if name != "captcha"}
    waiting = page.context["form"].fields["captcha"].signed_form
    assert page.answer("identity", **form, captcha_form=waiting).errors == REFUSED, "too early"
    waiting = page.context["form"].fields["captcha"].signed_form
    with time_machine.travel(timezone.now() + WAIT + timedelta(seconds=1)):
        assert page.answer("identity", **form, captcha_form=waiting).result is not None
    assert google.checks == []


def test_whom_google_takes_for_a_robot_is_shown_our_own_captcha_and_gets_through(google: FakeRecaptcha) -> None:
    on_file(JELENA)
    page = PageDoor(Client())
    page.start("rs", "register", "client")
    google.moods.append({"score": 0.1})
    reply = page.answer("identity", **client_form(), captcha_recaptcha=google.token(REGISTER))
    assert reply.errors == REFUSED
    assert "api.js" not in reply.text
    assert page.value("policy_number") == JELENA.policy_number
    assert page.answer("identity", **client_form()).result is not None


# What is set


def test_missing_keys_and_bad_addresses_are_told_by_name(google: FakeRecaptcha, settings: Any) -> None:
    changes = {"recaptcha_site_key": None, "recaptcha_secret_key": None, "mode": "production"}
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update=changes)
    told = recaptcha_findings([market("rs"), market("ru")])
    names = ["SITE_KEY", "SECRET_KEY", "SCRIPT_URL", "VERIFY_URL"]
    assert [finding.partition(":")[0] for finding in told] == [f"MYPOLIS_RECAPTCHA_{name}" for name in names]
    assert "rs" in told[0]
    assert "ru" not in told[0]


def test_who_did_not_choose_it_need_set_nothing(settings: Any) -> None:
    assert recaptcha_findings([market("rs"), market("id"), market("ru")]) == []
