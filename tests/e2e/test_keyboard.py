"""Every page works with keyboard and screen reader: Tab, Space and Enter, visible focus, names and errors announced."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.cast import PASSWORD
from tests.e2e.conftest import Phone
from tests.e2e.walking.browsing import Tab
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.journeys import Turn, registration, signin
from tests.e2e.walking.lists import MARKETS, Lists
from tests.effort import cases

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e"), pytest.mark.usefixtures("reports")]

WAYS = {"rs": "client", "id": "group", "ru": "open"}
MOST_STOPS = 60
HERE = """() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect(), look = getComputedStyle(one);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const over = document.elementFromPoint(x, y);
  const label = one.closest("label");
  return {
    what: `${one.tagName} ${one.name || one.textContent.trim() || one.className}`,
    body: one === document.body,
    outlined: [look, ...(label ? [getComputedStyle(label)] : [])]
      .some((it) => it.outlineStyle !== "none" && parseFloat(it.outlineWidth) >= 2),
    seen: over !== null && (one.contains(over) || over.contains(one) || (label !== null && label.contains(over))),
  };
}"""
NAMES = {
    "rs": ("Jezik", "Pomoć", "Lozinka", "Prikaži Lozinka", "Prijavi se"),
    "id": ("Bahasa", "Bantuan", "Password", "Tampilkan Password", "Masuk"),
    "ru": ("Язык", "Помощь", "Пароль", "Показать Пароль", "Войти"),
}


@pytest.mark.parametrize("market", cases(MARKETS, quick=["id"]))
def test_the_keyboard_alone_registers_and_signs_in(market: str, phone: Phone, lists: Lists, inbox: Inbox) -> None:
    one = lists.somebody(WAYS[market])
    tab = phone(market)
    tab.open(f"/{market}/register/{'client/' if market == 'rs' else ''}")
    for turn in registration(one):
        answer_by_keyboard(tab, turn, inbox)
    assert tab.step == "", tab.text
    username = tab.username
    other = phone(market)
    other.open(f"/{market}/signin/")
    for turn in signin(one, username=username, password=PASSWORD, code=True):
        answer_by_keyboard(other, turn, inbox)
    assert other.page.url.endswith(f"/{market}/home/")


def answer_by_keyboard(tab: Tab, turn: Turn, inbox: Inbox) -> None:
    """Answer the page with Tab, Space, arrow keys and Enter only."""
    assert tab.step == turn.step, tab.text
    tab.page.bring_to_front()
    answers = dict(turn.answers)
    if turn.code_to:
        answers["code"] = inbox.code(turn.code_to)
    born = str(answers.pop("birth_date", ""))
    boxes = ("birth_date_year", "birth_date_month", "birth_date_day") if born else ()
    waiting = {**answers, **dict(zip(boxes, born.split("-"), strict=False))}
    button = tab.page.locator("#step .form-actions button")
    for _stop in range(MOST_STOPS):
        tab.page.keyboard.press("Tab")
        judge_focus(tab.page)
        name = tab.page.evaluate("document.activeElement.name ?? ''")
        if name in waiting and tab.page.evaluate("document.activeElement.form?.id === 'step'"):
            enter(tab.page, name, waiting.pop(name))
        if button.evaluate("button => button === document.activeElement"):
            break
    assert waiting == {}, "all fields come before the button"
    if turn.captcha:
        tab.page.locator("[data-captcha][data-state=done]").wait_for()
    with tab.leaving():
        tab.page.keyboard.press("Enter")


def enter(page: Page, name: str, value: str | bool) -> None:
    """Answer the focused field."""
    if value is True:
        page.keyboard.press("Space")
    elif name == "policy_type":
        choice = page.locator(f"[name=policy_type][value={value}]")
        for _press in range(4):
            page.keyboard.press("Space" if choice.evaluate("one => one === document.activeElement") else "ArrowDown")
            if choice.is_checked():
                return
    else:
        page.keyboard.type(str(value))


def judge_focus(page: Page) -> None:
    """Assert that the focused element shows its focus and is not covered."""
    here = page.evaluate(HERE)
    assert not here["body"], "the focus left the page"
    assert here["outlined"], here
    page.wait_for_function(f"() => ({HERE})().seen", timeout=2000)  # once the page has scrolled there


@pytest.mark.parametrize("market", cases(MARKETS, quick=["ru"]))
def test_what_matters_has_a_name_in_the_accessibility_tree(market: str, phone: Phone) -> None:
    languages, help_, password, show, button = NAMES[market]
    tab = phone(market)
    tab.open(f"/{market}/signin/")
    page = tab.page
    for found in (
        page.get_by_role("form", name=languages),
        page.get_by_role("link", name=help_, exact=True),
        page.get_by_role("button", name=show, exact=True),
        page.get_by_role("button", name=button, exact=True),
        page.get_by_role("main"),
        page.get_by_role("contentinfo"),
        page.get_by_role("banner"),
    ):
        assert found.count() == 1, (found, page.locator("body").aria_snapshot())
    expect(page.locator("#id_password")).to_have_accessible_name(password)


def test_the_skip_link_comes_first_and_leads_past_the_header(phone: Phone) -> None:
    tab = phone("rs")
    tab.open("/rs/signin/")
    tab.page.keyboard.press("Tab")
    skip = tab.page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("main")).to_be_focused()


@pytest.mark.parametrize("market", cases(MARKETS, quick=["rs"]))
def test_errors_are_announced_and_told_beside_their_fields(market: str, phone: Phone) -> None:
    tab = phone(market)
    tab.open(f"/{market}/signin/")
    tab.fill({"password": "x"})
    tab.send()
    expect(tab.page).to_have_title(re.compile("^(Greška|Kesalahan|Ошибка): "))
    expect(tab.page.get_by_role("alert")).to_be_focused()
    wrong = tab.page.locator("#step [aria-invalid=true]").first
    message = _text(tab.page.get_by_role("alert").locator("li").first)
    expect(wrong).to_have_accessible_description(re.compile(re.escape(message)))


def test_a_refusal_without_a_field_is_announced_as_well(phone: Phone) -> None:
    tab = phone("ru")
    tab.open("/ru/signin/")
    tab.fill({"mobile": "8 916 123-45-67", "password": PASSWORD[::-1]})
    tab.send()
    expect(tab.page.locator("[role=alert], [role=status]").locator("visible=true").first).to_be_focused()


def _text(one: Locator) -> str:
    return " ".join(one.inner_text().split())
