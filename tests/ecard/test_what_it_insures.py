"""A card names what its policy insures: a car's card mentions no doctors on pages, in the API or on paper."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from mypolis.demo.samples.cover import BOOKS
from mypolis.foundation.events import SYSTEM
from mypolis.insurance.coverage.plan_books.loading import load_book
from mypolis.insurance.ecard.cards import card_of
from mypolis.insurance.ecard.face.print_values import card_values
from tests.cast import JELENA
from tests.ecard.holders import PageHolder
from tests.post import Post

HEALTH = ("Medicinska pomoć", "Hitna pomoć", "194", "zdravstven", "klinik", "lekar", "bolnic")
ENGLISH = ("Medical assistance", "Ambulance", "194", "clinic", "doctor", "hospital", "health")
PAGES = ("", "desk/", "looks/", "lost/")


def holder_of(post: Post, plan: str) -> PageHolder:
    """Jelena with this plan of the demo's book."""
    load_book(market="rs", book=BOOKS / "rs.yaml", by=SYSTEM)
    holder = PageHolder(JELENA)
    holder.membership.person.memberships.update(plan=plan)
    return holder


def pages_of(holder: PageHolder, language: str) -> Iterator[str]:
    """The texts of a card's pages before and after activation, of the kept page, and of home."""
    yield holder.get(language=language).content.decode()
    holder.activate()
    for path in PAGES:
        yield holder.get(path, language=language).content.decode()
    for address in ("/rs/card/offline/", "/rs/home/"):
        yield holder.client.get(address, headers={"accept-language": language}).content.decode()


def main_of(text: str) -> str:
    """The main part of a page, without header, navigation and footer."""
    return text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(("language", "words"), [("sr-latn", HEALTH), ("en", ENGLISH)])
def test_a_cars_card_has_no_word_of_health(post: Post, language: str, words: tuple[str, ...]) -> None:
    holder = holder_of(post, "Kasko standard")
    for text in pages_of(holder, language):
        found = [word for word in words if word.casefold() in main_of(text).casefold()]
        assert found == []
    held = card_of(holder.membership.person.account, str(holder.membership.pk))
    with translation.override(language):
        values = card_values(held)
    assert not [word for word in words if word.casefold() in str(values).casefold()]
    assert [phone for _label, phone in values["emergency"]] == ["0800 000-002"]


@pytest.mark.parametrize("plan", ["Osnovni", "Putno Evropa", "unknown to the book"])
def test_other_cards_keep_the_doctors_line(post: Post, plan: str) -> None:
    holder = holder_of(post, plan)
    holder.activate()
    text = main_of(holder.get().content.decode())
    assert "Medical assistance" in text
    assert 'href="tel:0800000001"' in text
