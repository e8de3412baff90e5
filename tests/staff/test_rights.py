"""Every page of the desk names who may open it, and nobody else can."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from django.utils.text import capfirst

from mypolis.foundation.rooms import Right, Role, all_rooms
from mypolis.foundation.staff.rights_table import staff_rights
from mypolis.foundation.staff.roles import ROLES
from tests.staff.world import at_desk, colleague

pytestmark = pytest.mark.django_db

ALL_ROLES: tuple[Role, ...] = get_args(Role.__value__)
FOR_STRANGERS = {
    "desk-signin",
    "desk-signin-factor",
    "desk-signin-recovery",
    "desk-invitation",
    "desk-awake",
}


def pages(resolver: URLResolver | None = None, above: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every page under `/desk/`, with its address pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = f"{above}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from pages(pattern, address)
        elif address.startswith("desk/"):
            yield address, pattern


def admission(pattern: URLPattern) -> Any:
    """What the page's view says about who may open it."""
    return getattr(pattern.callback, "right", None)


PAGES = {pattern.name or address: (address, pattern) for address, pattern in pages()}
GUARDED = {name: page for name, page in PAGES.items() if isinstance(admission(page[1]), Right)}


def example(address: str, market: str = "rs") -> str:
    """An address of this pattern; its rows do not exist."""
    filled = address.replace("<market:market>", market)
    while "<" in filled:
        start, end = filled.index("<"), filled.index(">")
        kind = filled[start + 1 : end].partition(":")[0]
        value = {"int": "987654", "uuid": "00000000-0000-4000-8000-000000000000"}.get(kind, "C-1")
        filled = f"{filled[:start]}{value}{filled[end + 1 :]}"
    return f"/{filled}"


def test_every_page_says_who_may_open_it() -> None:
    assert PAGES
    assert [name for name, (_address, pattern) in PAGES.items() if admission(pattern) is None] == []
    assert {name for name, (_address, pattern) in PAGES.items() if admission(pattern) == "everybody"} == FOR_STRANGERS


def test_every_right_is_declared_by_a_room_and_has_roles() -> None:
    declared = {right.name for right in staff_rights()}
    used = {admission(pattern).name for _address, pattern in GUARDED.values()}
    assert used <= declared
    for room in all_rooms():
        for right in room.rights:
            assert bool(right.roles) == ("staff" in right.holders), right.name
            assert right.roles <= ROLES.keys(), right.name


@pytest.mark.parametrize("name", sorted(GUARDED))
def test_a_page_opens_only_to_roles_with_its_right(name: str) -> None:
    address, pattern = GUARDED[name]
    right = admission(pattern)
    path, missing = example(address), example(address, market="id")
    for role in ALL_ROLES:
        browser = at_desk(colleague(role.title().replace("-", ""), role))
        answers = {browser.get(path).status_code, browser.post(path).status_code}
        if role in right.roles:
            assert answers != {404} or "<" in address.replace("<market:market>", ""), (role, answers)
        else:
            assert answers == {404}, (role, answers)
        assert {browser.get(missing).status_code, browser.post(missing).status_code} == {404}, "another market"


@pytest.mark.parametrize("name", sorted(PAGES.keys() - FOR_STRANGERS))
def test_a_stranger_is_sent_to_sign_in_from_every_page(name: str) -> None:
    path = example(PAGES[name][0])
    browser = Client()
    for answer in (browser.get(path), browser.post(path)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/desk/signin/")


def test_health_data_is_never_for_editors_and_operators() -> None:
    for right in staff_rights():
        if right.shows_health:
            assert not right.roles & {"editor", "operator", "auditor", "administrator"}, right.name


@pytest.mark.parametrize("language", ["sr-latn", "id", "ru"])
def test_a_colleagues_page_says_what_roles_allow_in_words(language: str) -> None:
    with translation.override("en"):
        english = {right.name: str(right.does) for right in staff_rights()}
    with translation.override(language):
        assert [right.name for right in staff_rights() if right.does == english[right.name]] == []
    viktor, vesna = colleague("Viktor", "administrator"), colleague("Vesna", "assessor")
    browser = at_desk(viktor)
    browser.cookies["language-all"] = language
    page = browser.get(f"/desk/rs/team/{vesna.account.pk}/").content.decode()
    with translation.override(language):
        allowed = [right for right in staff_rights() if "assessor" in right.roles]
        assert [right.name for right in allowed if capfirst(str(right.does)) not in page] == []
    assert "assess-claims" not in page
