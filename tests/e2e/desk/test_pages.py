"""Every page in the menu of every role is for everybody: axe finds nothing at 360 and 1280 px."""

from typing import get_args

import pytest

from mypolis.foundation.rooms import Role
from tests.e2e.conftest import Phone
from tests.e2e.desk.colleagues import colleague, sign_in
from tests.e2e.walking.running import Demo
from tests.effort import cases

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

ROLES = get_args(Role.__value__)
IN_THE_BAR = """entry => {
  const box = entry.getBoundingClientRect();
  return 0 <= box.left && box.right <= innerWidth;
}"""
LINKS = "links => [...new Set(links.map((link) => new URL(link.href).pathname))]"


@pytest.mark.parametrize("role", cases(ROLES, quick=["administrator", "senior-assessor"]))
def test_every_page_in_the_menu_of_a_role_is_for_everybody(role: Role, phone: Phone, demo: Demo) -> None:
    tab = phone("desk")
    sign_in(tab, demo, colleague(demo, role, market="ru"))
    menu = tab.page.locator(".rooms-list a").evaluate_all(LINKS)
    tab.open(menu[-1])
    assert tab.page.locator(".rooms-list [aria-current]").evaluate(IN_THE_BAR), "the bar shows where one is"
    for page in ["/desk/ru/", *menu, "/desk/me/", "/desk/me/factors/", "/desk/me/password/"]:
        tab.open(page)
        assert tab.page.url.endswith(page), "the menu leads to pages that open"
        inside = tab.page.locator(f"main a[href^='{page}']").evaluate_all(LINKS)
        for link in inside[:3]:  # a page of each kind that the list leads to
            tab.open(link)
            assert tab.page.locator("h1").count() == 1
