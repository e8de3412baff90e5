"""Staff send themselves a test message through the real queue, and see what became of it."""

from typing import Any

import pytest

from mypolis.foundation.notices.models import Message, State
from mypolis.foundation.staff.limits import TEST_MESSAGES
from mypolis.foundation.staff.trial_messages.flows import send_to_oneself
from tests.post import Post
from tests.staff.world import Colleague, at_desk, colleague

pytestmark = pytest.mark.django_db

PAGE = "/desk/rs/test-message/"
MOBILE = "+381641234567"


@pytest.fixture
def olga() -> Colleague:
    """An operator."""
    return colleague("Olga", "operator")


@pytest.fixture
def gateway(settings: Any) -> None:
    """A deployment with an SMS gateway."""
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_url": "https://sms.example/"})


def without_gateway(settings: Any) -> None:
    """A deployment that sends no SMS."""
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_url": None})


def test_without_a_gateway_there_is_no_sms(olga: Colleague, settings: Any) -> None:
    without_gateway(settings)
    browser = at_desk(olga)
    assert "SMS" not in browser.get(PAGE).content.decode().partition("<form class")[2]
    assert browser.post(PAGE, {"channel": "sms", "mobile": MOBILE}).status_code == 422
    with pytest.raises(ValueError, match="no gateway"):
        send_to_oneself(account=olga.account, market="rs", channel="sms", mobile=MOBILE, by=olga.actor)
    assert not Message.objects.exists()


@pytest.mark.parametrize("mobile", ["", "12", "+12025550100"])
def test_an_sms_needs_a_number_of_the_market(olga: Colleague, gateway: None, mobile: str) -> None:
    assert at_desk(olga).post(PAGE, {"channel": "sms", "mobile": mobile}).status_code == 422
    assert not Message.objects.exists()


def test_more_than_five_an_hour_are_refused(olga: Colleague) -> None:
    browser = at_desk(olga)
    answers = [browser.post(PAGE, {"channel": "email"}).status_code for _time in range(TEST_MESSAGES.most + 1)]
    assert answers == [302] * TEST_MESSAGES.most + [429]
    assert at_desk(colleague("Ana", "administrator")).post(PAGE, {"channel": "email"}).status_code == 302


def test_only_the_sender_sees_what_became_of_it(olga: Colleague) -> None:
    sent = at_desk(olga).post(PAGE, {"channel": "email"})["Location"]
    assert "on its way" in at_desk(olga).get(sent).content.decode()
    assert "on its way" not in at_desk(colleague("Ana", "operator")).get(sent).content.decode()
    assert "on its way" not in at_desk(olga).get(f"{PAGE}?sent=made-up").content.decode()
    assert olga.account.email not in sent


def test_it_goes_to_the_own_address_only(olga: Colleague, post: Post) -> None:
    sent = at_desk(olga).post(PAGE, {"channel": "email", "to": "other@insurer.example", "mobile": MOBILE})["Location"]
    assert [letter.template for letter in post.to(olga.account.email)] == ["test-message"]
    assert len(post.letters) == 1
    assert "has accepted it" in at_desk(olga).get(sent).content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"state": State.GIVEN_UP}, "could not be sent"),
        ({"state": State.IN_DOUBT}, "could not be sent"),
        ({"state": State.TAKEN, "receipt": "undeliverable"}, "could not be sent"),
        ({"state": State.TAKEN, "receipt": "delivered"}, "delivered to the phone"),
    ],
)
def test_the_result_of_an_sms_is_shown(olga: Colleague, gateway: None, changes: dict[str, Any], says: str) -> None:
    sent = at_desk(olga).post(PAGE, {"channel": "sms", "mobile": "064 123 4567"})["Location"]
    assert Message.objects.get().to == MOBILE
    Message.objects.update(to=None, context=None, **changes)
    assert says in at_desk(olga).get(sent).content.decode()
