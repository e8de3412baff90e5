"""A refused person learns until when, in the market's time, and what else to do; both doors send Retry-After."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mypolis.foundation.lib.phones import PhoneError, parse_mobile
from mypolis.foundation.web.branding.brand import brand_of
from tests.cast import ANNA, on_file
from tests.clock import NOON, TODAY, stopped_at
from tests.doors import boxes
from tests.post import Post
from tests.registration.steps import open_form

PAGE, API = "/ru/register/open/", "/api/v1/ru/journeys"


@pytest.fixture
def few(settings: Any, db: None) -> None:
    """Limits of one journey per hour from an address, and one SMS code per day."""
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": 0.001, "sms_codes_per_day": 1})
    on_file(ANNA)


def by_page(client: Client) -> Any:
    """Answer the first page of a new journey."""
    client.cookies.pop("journey-register-ru", None)
    return client.post(PAGE, {"step": "identity", **boxes(open_form())})


def test_a_page_says_until_when_and_whom_to_call_and_keeps_what_was_typed(few: None, post: Post) -> None:
    client = Client(headers={"Accept-Language": "en"})
    with stopped_at(NOON):  # three o'clock in Moscow
        by_page(client)
        answer = by_page(client)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "16:00" in page
    assert brand_of("ru").support.phone in page
    assert ANNA.surname in page
    assert re.search(r'role="status"\s+tabindex="-1" data-autofocus', page), "the focus goes to it: it is read out"


def test_an_end_on_another_day_is_told_with_its_date(few: None, post: Post) -> None:
    with stopped_at(NOON):  # three o'clock in Moscow
        assert by_page(Client(REMOTE_ADDR="203.0.113.1")).status_code == 302
        answer = by_page(Client(REMOTE_ADDR="203.0.113.2", headers={"Accept-Language": "ru"}))
    assert (answer.status_code, answer["Retry-After"]) == (429, "86400")
    assert f"{TODAY + timedelta(days=1):%d.%m.%Y} 15:00" in answer.content.decode()


def test_the_api_says_retry_after_wherever_it_refuses(few: None, post: Post) -> None:
    with stopped_at(NOON):  # three o'clock in Moscow
        found = []
        for number in (1, 2):
            client = Client(REMOTE_ADDR=f"203.0.113.{number}")
            journey = {"journey": "register", "way": "open"}
            started = client.post(API, journey, content_type="application/json").json()
            address = f"{API}/{started['token']}"
            answers = {"step": "identity", "answers": open_form()}
            found.append(client.post(address, answers, content_type="application/json"))
        early = Client(REMOTE_ADDR="203.0.113.1").post(f"{API}/{found[0].json()['token']}/resend")
        again = client.post(API, journey, content_type="application/json")
    refused = [(answer.status_code, answer["Retry-After"]) for answer in (found[1], early, again)]
    assert refused == [(429, "86400"), (429, "86400"), (429, "3600")]


@pytest.mark.parametrize(
    ("region", "number"),
    [
        ("RS", "0900 123 456"),
        ("RS", "0800 123 456"),
        ("RS", "011 322 4567"),
        ("RS", "+7 916 123-45-67"),
        ("ID", "0809 123 4567"),
        ("ID", "0800 123 4567"),
        ("ID", "021 5795 1234"),
        ("ID", "+381 64 123 4567"),
        ("RU", "8 809 123-45-67"),
        ("RU", "8 800 123-45-67"),
        ("RU", "8 495 123-45-67"),
        ("RU", "+7 701 123 45 67"),
        ("RU", "+881 612 345 678"),
    ],
)
def test_premium_free_fixed_satellite_and_foreign_numbers_get_no_sms(region: str, number: str) -> None:
    with pytest.raises(PhoneError):
        parse_mobile(number, region=region)
