"""A member changes the e-mail address and links an authenticator app in a browser."""

import pytest
from pyotp import TOTP

from tests.e2e.conftest import Phone
from tests.e2e.test_family import registered, sign_in
from tests.e2e.walking.journeys import Turn
from tests.e2e.walking.running import Demo
from tests.effort import cases
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


@pytest.mark.parametrize("script", cases([True, False], quick=[True]), ids=["with script", "without"])
def test_a_member_takes_another_address(script: bool, phone: Phone, demo: Demo) -> None:
    member = registered(demo, "ru")[2]
    new = f"moved-{script}@example.test".lower()
    tab = phone("ru", script=script)
    sign_in(tab, "ru", member)
    tab.open("/ru/security/")
    tab.press(tab.page.locator("a[href='/ru/change-email/']"))
    tab.answer(Turn("identity", {"email": new, "password": "not the one"}))
    assert tab.step == "identity"
    assert tab.value("email") == new, "what was typed stays"
    assert tab.value("password") == ""
    tab.answer(Turn("identity", {"password": member["password"]}))
    tab.answer(Turn("code", code_to=member["mobile"]))
    tab.answer(Turn("new-code", code_to=new))
    assert tab.step == ""
    assert "изменён" in tab.heading
    tab.open("/ru/security/")
    assert "m•••@example.test" in tab.text


@pytest.mark.long
def test_a_member_links_an_app_signs_in_by_it_and_unlinks_it(phone: Phone, demo: Demo) -> None:
    member = registered(demo, "ru")[2]
    tab = phone("ru")
    sign_in(tab, "ru", member)
    tab.open("/ru/security/")
    tab.press(tab.page.locator("a[href='/ru/link-authenticator/']"))
    tab.answer(Turn("identity", {"password": member["password"]}))
    tab.answer(Turn("code", code_to=member["mobile"]))
    assert tab.page.locator("svg.qr").is_visible()
    app = TOTP(tab.page.locator(".keep b").inner_text().replace(" ", ""))
    code = app.now()
    tab.answer(Turn("authenticator", {"code": code}))
    assert "подключено" in tab.heading
    other = phone("ru")
    other.open("/ru/signin/")
    other.answer(Turn("credentials", {"mobile": member["mobile"], "password": member["password"]}))
    assert other.step == "code"
    assert "СМС" in other.page.locator(".resend").inner_text()
    until(lambda: app.now() != code)
    other.answer(Turn("code", {"code": app.now()}))
    assert other.is_signed_in("ru")
    other.open("/ru/security/")
    other.press(other.page.locator("a[href='/ru/unlink-authenticator/']"))
    other.answer(Turn("identity", {"password": member["password"]}))
    assert "отключено" in other.heading
