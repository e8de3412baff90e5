"""Joining the desk and signing in there with a passkey, an app or a recovery code, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Phone
from tests.e2e.desk.colleagues import Authenticator, code_of, colleague, sign_in, type_password
from tests.e2e.walking.browsing import Tab
from tests.e2e.walking.running import Demo
from tests.staff.world import PASSWORD
from tests.staff.world import code_of as code_on

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

NOT_USED = "No passkey was used. Please try again, or choose another way."


def invited(demo: Demo, email: str) -> str:
    """Invite an assessor by the command; return the link."""
    name = email.partition("@")[0].title()
    words = ("--name", name, "--role", "assessor", "--market", "rs", "--by", "root")
    return demo.run("staff", "invite", email, *words).split()[0]


def choose_password(tab: Tab, link: str) -> None:
    """Open the link of an invitation and set the password."""
    tab.open(link)
    tab.fill({"password": PASSWORD, "password_repeat": PASSWORD})
    tab.press(tab.page.locator("main .form-actions button"))


def link_passkey(tab: Tab) -> None:
    """Link the device on the page for that."""
    tab.fill({"name": "Office laptop"})
    tab.press(tab.page.get_by_role("button", name="Link a passkey"))


def use_passkey(tab: Tab) -> None:
    """Press the button of the passkey, which opens the next page."""
    tab.press(tab.page.get_by_role("button", name="Use a passkey"))


def sign_out(tab: Tab) -> None:
    """Press the button at the top."""
    tab.press(tab.page.locator(".top-out button"))


def test_a_colleague_joins_with_a_passkey_and_signs_in_with_it(phone: Phone, demo: Demo) -> None:
    tab = phone("desk")
    device = Authenticator(tab.page)
    choose_password(tab, invited(demo, "jelena@lipa.example"))
    link_passkey(tab)
    assert tab.heading == "Print your recovery codes"
    assert tab.page.locator(".codes li").count() == 10
    tab.press(tab.page.get_by_role("link", name="I have kept them"))
    assert tab.heading == "Hello, Jelena"
    sign_out(tab)
    type_password(tab, "jelena@lipa.example", PASSWORD)
    use_passkey(tab)
    assert tab.heading == "Hello, Jelena"
    sign_out(tab)

    type_password(tab, "jelena@lipa.example", PASSWORD)
    device.refuse_the_finger()
    tab.page.get_by_role("button", name="Use a passkey").click()
    expect(tab.page.get_by_text(NOT_USED)).to_be_visible()


def test_the_passkey_refuses_another_origin_and_the_page_says_what_to_do(
    phone: Phone, demo: Demo, chromium: Browser
) -> None:
    tab = phone("desk")
    Authenticator(tab.page)
    choose_password(tab, invited(demo, "sladjana@lipa.example"))
    link_passkey(tab)
    elsewhere = demo.url.replace("localhost", "127.0.0.1")
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{elsewhere}/desk/signin/")
    page.locator("[name=email]").fill("sladjana@lipa.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main .form-actions button").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text(NOT_USED)).to_be_visible()
    assert page.url.startswith(f"{elsewhere}/desk/signin/factor/")
    context.close()


def test_a_passkey_that_was_removed_here_says_so_and_the_app_still_opens_the_desk(phone: Phone, demo: Demo) -> None:
    tab, elsewhere, iva = phone("desk"), phone("desk"), colleague(demo, "editor")
    Authenticator(tab.page)
    sign_in(tab, demo, iva)
    tab.open("/desk/me/factors/")
    link_passkey(tab)
    tab.press(tab.page.get_by_role("link", name="I have kept them"))
    sign_out(tab)
    type_password(tab, iva["email"], iva["password"])
    sign_in(elsewhere, demo, iva)
    elsewhere.open("/desk/me/")
    elsewhere.press(elsewhere.page.get_by_role("link", name="Remove: Office laptop"))
    elsewhere.press(elsewhere.page.get_by_role("button", name="Remove this passkey"))
    use_passkey(tab)
    assert "This passkey was removed from your account. Please use another factor." in tab.text
    expect(tab.page.get_by_label("Code from your authenticator app")).to_be_visible()


def test_a_passkey_that_the_device_lost_leads_to_a_recovery_code(phone: Phone, demo: Demo) -> None:
    tab, email = phone("desk"), "sanja@lipa.example"
    device = Authenticator(tab.page)
    choose_password(tab, invited(demo, email))
    link_passkey(tab)
    recovery = tab.page.locator(".codes li").first.inner_text()
    tab.press(tab.page.get_by_role("link", name="I have kept them"))
    sign_out(tab)
    device.forget()
    type_password(tab, email, PASSWORD)
    tab.page.get_by_role("button", name="Use a passkey").click()
    expect(tab.page.get_by_text(NOT_USED)).to_be_visible()
    tab.press(tab.page.get_by_role("link", name=re.compile("recovery code")))
    tab.fill({"recovery": "0000-0000-0000-0000-0000-0000"})
    tab.press(tab.page.locator("main .form-actions button"))
    assert "none of your unused recovery codes" in tab.text
    tab.fill({"recovery": recovery.lower().replace("-", " ")})
    tab.press(tab.page.locator("main .form-actions button"))
    assert tab.heading == "Link a passkey or an app"
    tab.fill({"code": code_on(tab.page.content())})
    tab.press(tab.page.get_by_role("button", name="Link the app"))
    tab.open("/desk/")
    assert tab.heading == "Hello, Sanja"


def test_the_authenticator_app_opens_the_desk_and_a_used_code_says_what_to_do(phone: Phone, demo: Demo) -> None:
    tab, boris = phone("desk"), colleague(demo, "auditor", market="id")
    code = code_of(demo, boris)
    sign_in(tab, demo, boris)
    assert tab.heading.startswith("Hello")
    sign_out(tab)
    type_password(tab, boris["email"], boris["password"])
    tab.fill({"code": code})
    tab.press(tab.page.locator("main form:has([name=code]) button"))
    assert "wait until the app shows the next one" in tab.text
