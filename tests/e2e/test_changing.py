"""A member in a browser takes another e-mail address, from the page that shows the present one."""

import pytest

from tests.e2e.conftest import Phone
from tests.e2e.journeys import Turn
from tests.e2e.running import Demo
from tests.e2e.test_family import registered, sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
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
