"""The lock lies over the open page of somebody who left the desk, and nothing typed is lost."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Phone
from tests.e2e.desk.colleagues import Authenticator, Colleague, SessionClock, code_of, colleague, session_of, sign_in
from tests.e2e.walking.browsing import Tab
from tests.e2e.walking.running import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
WARNING = "This page locks in two minutes"


def typing(tab: Tab, demo: Demo, one: Colleague) -> None:
    """Somebody signs in and is in the middle of a form."""
    sign_in(tab, demo, one)
    tab.open(f"/desk/{one['market']}/team/invite/")
    tab.fill({"name": "Mira Half-typed"})


def lock_of(tab: Tab, clock: SessionClock) -> Locator:
    """Let the session lock and the page notice; return the lock."""
    clock.lock_in(-1)
    tab.page.evaluate(LOOK)
    lock = tab.page.locator("dialog.lock")
    lock.wait_for()
    return lock


def test_the_page_warns_and_a_key_keeps_it_open(phone: Phone, demo: Demo) -> None:
    tab, ana = phone("desk"), colleague(demo, "administrator")
    typing(tab, demo, ana)
    with session_of(demo, ana) as clock:
        clock.lock_in(100)
        tab.page.evaluate(LOOK)
        warning = tab.page.get_by_text(WARNING)
        warning.wait_for()
        tab.page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }))")
        expect(warning, "a script's key is no act of a person").to_be_visible()
        tab.page.keyboard.press("Shift")
        warning.wait_for(state="detached")
        assert not clock.is_locked


def test_nothing_is_readable_behind_the_lock_and_a_code_lifts_it(phone: Phone, demo: Demo) -> None:
    tab, ana = phone("desk"), colleague(demo, "administrator", market="id")
    typing(tab, demo, ana)
    with session_of(demo, ana) as clock:
        lock = lock_of(tab, clock)
        expect(tab.page.locator("h1")).to_be_hidden()
        expect(tab.page.locator("input[name=name]")).to_be_hidden()
        assert "Invite" not in tab.page.title()
        tab.page.keyboard.press("Escape")
        tab.page.keyboard.press("Escape")
        expect(lock).to_be_visible()
        tab.inspect("locked")
        lock.locator("[name=code]").fill("000000")
        lock.get_by_role("button", name="Unlock").click()
        expect(lock.locator("[data-problem]")).to_contain_text("not the code that the app shows now")
        assert clock.is_locked
        lock.locator("[name=code]").fill(code_of(demo, ana))
        lock.get_by_role("button", name="Unlock").click()
        lock.wait_for(state="detached")
        assert not clock.is_locked
    assert tab.value("name") == "Mira Half-typed"
    assert "Invite" in tab.page.title()
    assert tab.page.evaluate("document.activeElement.name") == "name"


def test_a_passkey_lifts_the_lock(phone: Phone, demo: Demo) -> None:
    tab, ana = phone("desk"), colleague(demo, "administrator", market="ru")
    device = Authenticator(tab.page)
    sign_in(tab, demo, ana)
    tab.open("/desk/me/factors/")
    tab.fill({"name": "Office laptop"})
    tab.press(tab.page.get_by_role("button", name="Link a passkey"))
    assert len(device.passkeys) == 1
    tab.open("/desk/ru/team/invite/")
    tab.fill({"name": "Mira Half-typed"})
    with session_of(demo, ana) as clock:
        for _time in range(2):  # each lock has a challenge of its own
            lock = lock_of(tab, clock)
            lock.get_by_role("button", name="Use a passkey").click()
            lock.wait_for(state="detached")
            assert not clock.is_locked
    assert tab.value("name") == "Mira Half-typed"


def test_a_page_whose_session_is_over_opens_after_signing_in_in_another_tab(phone: Phone, demo: Demo) -> None:
    tab, olga = phone("desk"), colleague(demo, "administrator", which=1)
    typing(tab, demo, olga)
    with session_of(demo, olga) as clock:
        clock.end()
    tab.page.evaluate(LOOK)
    lock = tab.page.locator("dialog.lock")
    expect(lock).to_contain_text("Sign in again in another tab")
    sign_in(tab.twin(), demo, olga)
    tab.page.bring_to_front()
    tab.page.evaluate(LOOK)
    lock.wait_for(state="detached")
    assert tab.value("name") == "Mira Half-typed"


def test_a_page_is_never_shown_to_somebody_else_who_signs_in(phone: Phone, demo: Demo) -> None:
    tab, olga, other = phone("desk"), colleague(demo, "administrator", market="id", which=1), colleague(demo, "auditor")
    typing(tab, demo, olga)
    with session_of(demo, olga) as clock:
        clock.end()
    tab.page.evaluate(LOOK)
    tab.page.locator("dialog.lock").wait_for()
    sign_in(tab.twin(), demo, other)
    tab.page.bring_to_front()
    with tab.leaving():
        tab.page.evaluate(LOOK)
    assert "Half-typed" not in tab.page.content()


def test_without_script_the_server_locks_and_keeps_the_form(phone: Phone, demo: Demo) -> None:
    tab, ana = phone("desk", script=False), colleague(demo, "administrator", market="ru", which=1)
    typing(tab, demo, ana)
    with session_of(demo, ana) as clock:
        clock.lock_in(-1)
    tab.fill({"email": "mira@severpolis.example"})
    tab.page.locator("input[name=role][value=agent]").check()
    tab.press(tab.page.locator("main .form-actions button"))
    assert tab.heading == "Your session is locked"
    tab.fill({"code": code_of(demo, ana)})
    tab.press(tab.page.locator("main form:has(input[name=code]) button"))
    assert "/approvals/" in tab.page.url
