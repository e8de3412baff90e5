"""People make mistakes: they forget, hurry, go back, press twice, and use old links."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.cast import PASSWORD
from tests.e2e.conftest import Phone
from tests.e2e.walking.browsing import Tab, phone_without_cookies
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.journeys import Turn, register, registration
from tests.e2e.walking.lists import MARKETS, Lists
from tests.e2e.walking.running import Demo
from tests.effort import cases

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e"), pytest.mark.usefixtures("reports")]

FIRST_FIELDS = {"rs": "id_national_id", "id": "id_policy_type_0", "ru": "id_surname"}


@pytest.mark.parametrize("market", cases(MARKETS, quick=["id"]))
def test_an_empty_form_puts_the_focus_on_what_is_wrong_and_leads_to_the_field(market: str, phone: Phone) -> None:
    tab = phone(market)
    tab.open(f"/{market}/register/")
    tab.send()
    expect(tab.page.locator(".errors")).to_be_focused()
    links = tab.page.locator(".errors a").all_inner_texts()
    assert sorted(links) == sorted(set(links)), "each line says which field, each tick which document"
    tab.page.locator(".errors a").first.press("Enter")
    expect(tab.page.locator(f"#{FIRST_FIELDS[market]}")).to_be_focused()


def test_the_phone_number_in_an_error_is_beside_its_icon(phone: Phone) -> None:
    tab = phone("id")
    tab.open("/id/register/")
    tab.answer(Turn("policy-type", {"policy_type": "individual"}))
    tab.fill({"policy_number": "NS-I-0000", "birth_date": "1990-01-01", "email": "nobody@example.test"})
    tab.send()
    button = tab.page.locator(".errors .button")
    icon, number = (button.locator(css).bounding_box() for css in (".icon", ".num"))
    assert icon
    assert number
    assert abs(icon["y"] + icon["height"] / 2 - number["y"] - number["height"] / 2) < 2


def test_what_was_typed_stays_beside_an_error_but_no_password(phone: Phone) -> None:
    tab = phone("ru")
    tab.open("/ru/register/")
    tab.fill({"surname": "Соколова", "birth_date": "1988-02-30", "mobile": "8 916 123-45-67", "password": PASSWORD})
    tab.page.locator("[name=accept_rules]").check()
    tab.send()
    assert tab.page.locator(".errors").count() == 1
    assert [tab.value(name) for name in ("surname", "mobile", "birth_date_day", "birth_date_month")] == [
        "Соколова",
        "8 916 123-45-67",
        "30",
        "02",
    ]
    assert tab.page.locator("[name=accept_rules]").is_checked()
    assert tab.value("password") == ""


def test_another_language_in_the_middle_of_a_form_keeps_the_answers(phone: Phone) -> None:
    tab = phone("ru")
    tab.open("/ru/register/")
    before = tab.heading
    tab.fill({"surname": "Соколова", "birth_date": "1988-03-14", "email": "half-typed@"})
    tab.press(tab.page.locator(".languages button[lang=en]"))
    assert tab.heading != before
    assert tab.page.locator("html").get_attribute("lang") == "en"
    assert tab.page.locator(".errors").count() == 0
    assert [tab.value(name) for name in ("surname", "birth_date_year", "email")] == ["Соколова", "1988", "half-typed@"]


@pytest.mark.parametrize(("market", "field"), [("rs", "policy_number"), ("ru", "given_name")])
def test_enter_sends_the_form_and_changes_no_language(market: str, field: str, phone: Phone) -> None:
    tab = phone(market)
    tab.open(f"/{market}/register/")
    language = tab.page.locator("html").get_attribute("lang")
    with tab.leaving():
        tab.page.locator(f"[name={field}]").press("Enter")
    assert tab.page.locator(".errors").count() == 1
    assert tab.page.locator("html").get_attribute("lang") == language


@pytest.mark.long
def test_back_shows_what_was_typed_but_no_password_and_leads_on_again(phone: Phone, lists: Lists) -> None:
    one = lists.somebody("open")
    tab = phone("ru")
    tab.open("/ru/register/")
    identity, code = registration(one)
    tab.answer(identity)
    assert tab.step == "code"
    tab.press(tab.page.locator("button.back"))
    assert tab.step == "identity"
    assert [tab.value(name) for name in ("surname", "mobile", "email")] == [one.surname, one.mobile, one.email]
    assert [tab.value(name) for name in ("password", "password_repeat")] == ["", ""]
    tab.answer(Turn("identity", {"password": PASSWORD, "password_repeat": PASSWORD}))
    tab.answer(code)
    assert tab.is_signed_in("ru")


@pytest.mark.long
def test_reloading_and_the_browsers_back_button_send_nothing_twice(phone: Phone, lists: Lists, inbox: Inbox) -> None:
    one = lists.somebody("open")
    tab = phone("ru")
    tab.open("/ru/")
    tab.open("/ru/register/")
    identity, code = registration(one)
    tab.answer(identity)
    with tab.leaving():
        tab.page.reload()
    with tab.leaving():
        tab.page.go_back()
    tab.open("/ru/register/")
    tab.answer(code)
    with tab.leaving():
        tab.page.reload()
    assert tab.is_signed_in("ru")
    assert len(inbox.to(one.number)) == 1


@pytest.mark.long
def test_an_old_page_that_is_sent_later_leads_to_where_the_journey_stands(
    phone: Phone, lists: Lists, inbox: Inbox
) -> None:
    one = lists.somebody("open-with-another-mobile")
    tab = phone("ru")
    tab.open("/ru/register/")
    identity, code, email_code = registration(one)
    old = tab.twin()
    old.open("/ru/register/")
    tab.answer(identity)
    old.answer(identity)
    assert old.step == "code"
    tab.answer(code)
    old.fill({"code": "000000"})
    old.send()
    assert old.step == "email-code"
    tab.answer(email_code)
    assert len(inbox.to(one.number)) == 1


def test_a_browser_without_cookies_gets_a_plain_page(
    chromium: Browser, demo: Demo, inbox: Inbox, tmp_path: Path
) -> None:
    with phone_without_cookies(chromium, tmp_path) as page:
        tab = Tab(page, demo.url, inbox)
        tab.open("/ru/signin/")
        tab.fill({"mobile": "8 916 123-45-67", "password": PASSWORD})
        tab.send()
        assert "cookie" in tab.text
        assert page.locator("main a.button").count() == 1


@pytest.mark.long
def test_an_invitation_may_be_looked_at_often_and_used_once(phone: Phone, lists: Lists, inbox: Inbox) -> None:
    one = lists.somebody("invitation")
    scanner = phone("ru")
    link = inbox.invitation(one.email)
    for _look in range(2):
        scanner.open(link)
        assert scanner.step == "identity"
    phone("ru").walk("ru", "register", registration(one), link=link)
    scanner.open(link)
    assert scanner.step == ""
    scanner.press(scanner.page.locator("main a.button"))
    assert scanner.step == "credentials"


@pytest.mark.long
def test_two_tabs_that_finish_one_journey_make_one_account(phone: Phone, lists: Lists, inbox: Inbox) -> None:
    one = lists.somebody("individual")
    tab = phone("id")
    tab.open("/id/register/")
    *before, last = registration(one)
    for turn in before:
        tab.answer(turn)
    other = tab.twin()
    other.open("/id/register/")
    for each in (tab, other):
        each.fill(last.answers)
        each.page.locator("#step").evaluate("form => setTimeout(() => form.requestSubmit(), 300)")
    for each in (tab, other):
        each.page.locator("#step").wait_for(state="detached")
        each.arrived()
    assert tab.username == other.username != ""
    assert tab.heading == other.heading
    assert tab.is_signed_in("id")
    assert other.is_signed_in("id")


def test_somebody_registered_is_led_to_sign_in(phone: Phone, lists: Lists, inbox: Inbox) -> None:
    one = lists.somebody("group")
    register(one, phone("id"), inbox)
    tab = phone("id")
    tab.open("/id/register/")
    for turn in registration(one)[:4]:
        tab.answer(turn)
    tab.press(tab.page.locator("main a.button"))
    assert tab.step == "credentials"
