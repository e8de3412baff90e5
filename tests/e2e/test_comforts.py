"""What scripts add to forms, in a real browser. Other tests show that nothing needs scripts."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mypolis.foundation.factors.passwords.password_rules import problems
from mypolis.foundation.markets import market as profile_of
from tests.accounts.test_passwords import NEUTRAL, REFUSED, SENTENCES
from tests.cast import PASSWORD
from tests.e2e.conftest import Phone
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.journeys import registration
from tests.e2e.walking.lists import Lists

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

PERSON = {"surname": "Соколова", "given_name": "Анастасия", "email": "nastia.sokolova@mail.example"}
PERSONAL = [
    "Соколова1988",
    "анастасия-соколова",
    "Sokolova12345",
    "nastia.sokolova@mail.example",
    "Соколова и кот Мурзик",
]
LENGTHS = ["а", "elevensigns", "exactly twelve", "12 signs, no", "x y z " * 22, "\N{PILE OF POO}" * 11, "ﬃ" * 5]
LETTERS = ["".join(words) for words in (NEUTRAL["ru"].split()[:3], NEUTRAL["id"].split()[:3])]
JUDGE = """passwords => passwords.map((password) => {
  const input = document.getElementById("id_password");
  input.value = password;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  const met = (name) => document.querySelector(`[data-hint=${name}]`).dataset.met;
  const meter = document.querySelector("[data-strength-of=id_password]");
  const strength = Number(meter.dataset.strength);
  return { length: met("length"), easy: met("easy"), personal: met("personal"), strength };
})"""


def test_the_hints_beside_a_password_agree_with_the_servers_rules(phone: Phone) -> None:
    tab = phone("ru")
    tab.open("/ru/register/")
    tab.fill({**PERSON})
    passwords = [*REFUSED, *SENTENCES, *PERSONAL, *LENGTHS, *LETTERS, PASSWORD, *("a" * 12, "abcabcabcabc")]
    for password, shown in zip(passwords, tab.page.evaluate(JUDGE, passwords), strict=True):
        found = {code for code, _text in problems(password, min_length=_least("ru"), personal=PERSON.values())}
        assert shown["length"] == str(not found & {"too_short", "too_long"}).lower(), password
        assert (shown["personal"] == "false") == ("personal" in found), password
        assert not found or shown["strength"] < 3, (password, found, shown)
        assert not found or shown["easy"] != "true", password
        assert shown["easy"] != "false" or found, password
    good = [one["strength"] for one in tab.page.evaluate(JUDGE, SENTENCES)]
    assert min(good) >= 2
    assert sum(one >= 3 for one in good) > len(good) / 2


def test_the_meter_says_in_words_what_its_bars_show_and_asks_nobody(phone: Phone) -> None:
    tab = phone("rs")
    tab.open("/rs/register/")
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    meter = tab.page.locator("[data-strength-of=id_password]")
    expect(meter).to_be_hidden()
    tab.page.locator("#id_password").press_sequentially("kratka")
    expect(meter.get_by_role("status")).to_contain_text("Lako se pogađa. Najmanje 12 znakova")
    tab.page.locator("#id_password").fill(SENTENCES[1])
    expect(meter.get_by_role("status")).to_have_text(re.compile("Dobra|Jaka"))
    tab.page.locator("#id_password_repeat").fill(SENTENCES[1][:-1] + "?")
    same = tab.page.locator(".password-same")
    expect(same).to_have_text("Još nije ista kao gore")
    tab.page.locator("#id_password_repeat").fill(SENTENCES[1])
    expect(same).to_have_text("Obe su iste")
    assert not [url for url in asked if "/captcha" not in url]


def test_without_script_the_rules_stand_there_and_nothing_promises_more(phone: Phone) -> None:
    tab = phone("ru", script=False)
    tab.open("/ru/register/")
    field = tab.page.locator("#id_password")
    expect(field).to_have_accessible_description(re.compile("Не менее 12 символов.*Трудно угадать"))
    for promised in ("[data-strength-of]", "[data-shows]", "[data-draft-told]", "#no-network"):
        assert not tab.page.locator(promised).first.is_visible()


def test_a_shown_password_is_hidden_again_before_it_is_sent(phone: Phone) -> None:
    tab = phone("ru")
    tab.open("/ru/signin/")
    tab.fill({"password": PASSWORD})
    button, field = tab.page.locator("[data-shows=id_password]"), tab.page.locator("#id_password")
    button.click()
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(field).to_be_focused()
    tab.page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")
    tab.page.locator("#step .form-actions button").click()
    expect(field).to_have_attribute("type", "password")


def test_without_a_network_a_form_stays_and_says_so_and_is_sent_later(phone: Phone) -> None:
    tab = phone("ru")
    tab.open("/ru/signin/")
    tab.fill({"mobile": "8 916 123-45-67", "password": PASSWORD})
    context = tab.page.context
    context.set_offline(True)
    tab.page.locator("#step .form-actions button").click()
    notice = tab.page.locator(".notice[role=alert]")
    expect(notice).to_be_focused()
    assert tab.value("password") == PASSWORD
    context.set_offline(False)
    expect(notice).to_contain_text("Связь восстановлена")
    tab.send()
    assert tab.page.locator(".errors").count() == 1


def test_what_was_typed_outlives_a_page_that_was_lost_but_no_secret_does(phone: Phone) -> None:
    tab = phone("rs")
    tab.open("/rs/register/")
    tab.fill(
        {"national_id": "0101985710006", "policy_number": "RS-77", "mobile": "064 123 45 67", "password": PASSWORD}
    )
    tab.page.locator("[name=accept_privacy]").check()
    kept = _kept(tab.page)
    assert list(kept) == ["draft:rs/register/identity"]
    assert not [secret for secret in ("0101985710006", PASSWORD) if secret in str(kept)]
    tab.open("/rs/register/")
    assert [tab.value(name) for name in ("policy_number", "mobile")] == ["RS-77", "064 123 45 67"]
    assert [tab.value(name) for name in ("national_id", "password")] == ["", ""]
    assert not tab.page.locator("[name=accept_privacy]").is_checked()
    expect(tab.page.locator("[data-draft-told]")).to_be_visible()
    other = tab.twin()
    other.open("/rs/register/")
    assert other.value("policy_number") == ""


def test_a_draft_ends_with_its_step_and_a_code_goes_in_whole_and_once(
    phone: Phone, lists: Lists, inbox: Inbox, reports: Any
) -> None:
    one = lists.somebody("open")
    tab = phone("ru")
    tab.open("/ru/register/")
    tab.answer(registration(one)[0])
    assert tab.step == "code"
    field, code = tab.page.locator("[name=code]"), inbox.code(one.number)
    assert field.get_attribute("autocomplete") == "one-time-code"
    _paste(field, f"Код {code[:3]} {code[3:]}, никому не сообщайте его")
    assert field.input_value() == code
    assert _kept(tab.page) == {}
    sent: list[str] = []
    tab.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    again = tab.page.locator("[data-resend-after]")
    expect(again).to_have_attribute("aria-disabled", "true")
    assert re.search(r"\d", again.inner_text())
    again.click(force=True)
    with tab.leaving():
        tab.page.locator("#step .form-actions button").dblclick()
    assert len(sent) == 1


def _least(market: str) -> int:
    return profile_of(market).password_min_length


def _kept(page: Page) -> dict[str, str]:
    kept: dict[str, str] = page.evaluate("({ ...sessionStorage })")
    return kept


def _paste(field: Locator, text: str) -> None:
    field.evaluate(
        """(input, text) => {
          const data = new DataTransfer();
          data.setData("text", text);
          input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


WATCH = """button => {
  const look = (name) => {
    const line = document.querySelector(".sending");
    const turning = line && getComputedStyle(line.querySelector("i")).animationName;
    const seen = { words: line?.textContent.trim() ?? "", role: line?.role, busy: button.dataset.busy, turning };
    sessionStorage.setItem(name, JSON.stringify(seen));
  };
  button.form.addEventListener("submit", () => {
    setTimeout(look, 500, "early");
    setTimeout((name) => (look(name), fetch("/looked")), 1600, "late");
  }, { once: true });
  setTimeout(() => button.click(), 700);
}"""


def sent_slowly(tab: Any, button: str) -> tuple[dict[str, Any], dict[str, Any], int]:
    """How the page looks 0.5 and 1.6 seconds after a form was sent, and how often it was sent.

    The browser's driver waits for the response. So a script in the page records it, presses the button again, and
    requests `/looked` after the second record.
    """
    waiting: list[Any] = []
    tab.page.route("**/*", lambda one: waiting.append(one) if one.request.method == "POST" else one.continue_())
    tab.page.route("**/looked", lambda one: one.fulfill(status=204))
    pressed = tab.page.locator(button).first
    pressed.evaluate(WATCH)
    with tab.page.expect_request("**/looked"):
        pressed.click(no_wait_after=True)
    times = len(waiting)
    waiting[0].continue_()
    expect(tab.page.locator(".sending")).to_have_count(0, timeout=15_000)
    tab.page.unroute_all()
    early, late = (
        json.loads(tab.page.evaluate("name => sessionStorage.getItem(name)", one)) for one in ("early", "late")
    )
    return early, late, times


@pytest.mark.parametrize("button", [".form-actions button", ".languages button[name=switch_language]"])
def test_a_form_on_its_way_says_so_after_a_second_and_is_sent_once(phone: Phone, button: str) -> None:
    tab = phone("id")
    tab.open("/id/recover/")
    tab.fill({"username": "nobody2345"})
    early, late, times = sent_slowly(tab, button)
    assert early["words"] == ""
    assert late["words"]
    assert (late["role"], late["busy"], late["turning"]) == ("status", "", "turn")
    assert times == 1


def test_what_turns_while_a_form_is_sent_stands_still_where_people_want_less_motion(phone: Phone) -> None:
    tab = phone("id")
    tab.open("/id/recover/")
    tab.fill({"username": "nobody2345"})
    tab.page.emulate_media(reduced_motion="reduce")
    _early, late, _times = sent_slowly(tab, ".form-actions button")
    tab.page.emulate_media(reduced_motion="no-preference")
    assert late["words"]
    assert late["turning"] == "none"
