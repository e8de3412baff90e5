"""The number of queries of each call about cards: fixed, and the same for one cover and for twenty."""

from pathlib import Path

from django.test import Client

from mypolis.membership.people.models import Person
from tests.cast import JELENA
from tests.ecard.holders import COUNTER, Holder, PageHolder, counter
from tests.ecard.test_papers import ask_letter, code_on, paper
from tests.post import Post
from tests.test_query_counts import add_policy, asked

ACTS = {"activate": 8, "reissue": 15, "letter": 8, "letter's paper": 4}
READS = {"cards": 3, "cards/1": 4, "cards/1/qr": 4, "cards/1/looks": 5, "cards/1/pdf": 5, "letters": 2}
PAGES = {"": 5, "desk/": 4, "pdf/": 5, "looks/": 5, "lost/": 4}
BESIDE = {"/rs/card/": 4, "/rs/card/offline/": 3, "/rs/home/": 11}
CHECKS = {"card": 6, "card again": 4, "letter": 5, "nonsense": 1, "card by API": 6}


def test_the_calls_of_a_member_ask_the_same_for_one_cover_and_for_twenty(post: Post, folder: Path) -> None:
    jelena = Holder(JELENA)
    card = jelena.card

    def counts() -> dict[str, int]:
        found = {}
        for path in (
            "cards",
            f"cards/{card}",
            f"cards/{card}/qr",
            f"cards/{card}/looks",
            f"cards/{card}/pdf",
            "letters",
        ):
            with asked() as queries:
                assert jelena.get(path).status_code == 200
            found[path.replace(f"/{card}", "/1")] = len(queries)
        return found

    with asked() as activating:
        assert jelena.post(f"cards/{card}/activate", {"accept_card": True}).status_code == 200
    with asked() as replacing:
        assert jelena.post(f"cards/{card}/reissue").status_code == 200
    with asked() as writing:
        letter = jelena.post("letters", {"card": card}).json()
    with asked() as reading:
        paper(jelena, letter)
    acts = {"activate": activating, "reissue": replacing, "letter": writing, "letter's paper": reading}
    assert {what: len(queries) for what, queries in acts.items()} == ACTS
    few = counts()
    assert few == READS
    for number in range(2, 21):
        add_policy(Person.objects.get(), number)
    assert counts() == few


def test_the_checks_of_a_counter(post: Post, folder: Path) -> None:
    jelena = Holder(JELENA)
    jelena.activate()
    code, letter = jelena.code(), code_on(paper(jelena, ask_letter(jelena)))
    found = {}
    for what, path in (
        ("card", f"/rs/v/{code}"),
        ("card again", f"/rs/v/{code}"),
        ("letter", f"/rs/l/{letter}"),
        ("nonsense", "/rs/v/x"),
    ):
        with asked() as queries:
            Client(REMOTE_ADDR=COUNTER).get(path)
        found[what] = len(queries)
    other = jelena.code("offline")
    with asked() as queries:
        counter("rs", other)
    found["card by API"] = len(queries)
    assert found == CHECKS


def test_the_pages_of_a_card_ask_the_same_for_one_cover_and_for_twenty(post: Post) -> None:
    jelena = PageHolder(JELENA)
    card = str(jelena.membership.pk)

    def counts() -> tuple[dict[str, int], dict[str, int]]:
        pages, beside = {}, {}
        for page in PAGES:
            with asked() as queries:
                assert jelena.get(page, card=card).status_code == 200
            pages[page] = len(queries)
        for path in BESIDE:
            with asked() as queries:
                assert jelena.client.get(path).status_code == 200
            beside[path] = len(queries)
        return pages, beside

    with asked() as activating:
        jelena.send("activate/", {"accept_card": "on"})
    with asked() as replacing:
        jelena.send("lost/", {"serial": "1"})
    assert (len(activating), len(replacing)) == (9, 16)
    assert counts() == (PAGES, BESIDE)
    for number in range(2, 21):
        add_policy(Person.objects.get(), number)
    assert counts() == (PAGES, BESIDE)
