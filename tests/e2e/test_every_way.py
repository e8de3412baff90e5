"""For each way, one person of the roster registers, signs out, signs in, recovers and signs in again."""

from collections.abc import Callable

import pytest

from tests.e2e.conftest import Phone
from tests.e2e.walking.app import App
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.journeys import Visitor, recover_and_sign_in, register, sign_in_with_code
from tests.e2e.walking.lists import WAYS, Insured, Lists
from tests.effort import cases

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e"), pytest.mark.usefixtures("reports")]

SMOKE = ("client", "group", "open")  # one way of each market


@pytest.mark.parametrize("way", cases(WAYS, quick=SMOKE))
def test_a_person_registers_and_comes_back_in_a_browser(way: str, lists: Lists, phone: Phone, inbox: Inbox) -> None:
    one = lists.somebody(way)
    own, another = live(one, lambda: phone(one.market), inbox)
    assert own.is_signed_in(one.market)
    assert not another.is_signed_in(one.market)


@pytest.mark.parametrize("way", cases(WAYS, quick=SMOKE))
def test_a_person_registers_and_comes_back_in_an_app(
    way: str, lists: Lists, app: Callable[[], App], inbox: Inbox
) -> None:
    one = lists.somebody(way)
    own, another = live(one, app, inbox)
    assert own.is_signed_in(one.market)
    assert not another.is_signed_in(one.market)


@pytest.mark.parametrize("way", cases(SMOKE, quick=["group"]))
def test_a_person_registers_and_signs_in_without_script(way: str, lists: Lists, phone: Phone, inbox: Inbox) -> None:
    one = lists.somebody(way)
    own = phone(one.market, script=False)
    register(one, own, inbox)
    another = phone(one.market, script=False)
    sign_in_with_code(one, another, username=own.username)
    assert another.is_signed_in(one.market)


def live(one: Insured, device: Callable[[], Visitor], inbox: Inbox) -> tuple[Visitor, Visitor]:
    """Register, sign in on another device and out there, recover. Returns the device of registration, and the other."""
    own, another = device(), device()
    register(one, own, inbox)
    if one.market != "rs":
        own.sign_out(one.market)
        assert not own.is_signed_in(one.market)
    sign_in_with_code(one, another, username=own.username)
    another.sign_out(one.market)
    recover_and_sign_in(one, own, inbox)
    return own, another
