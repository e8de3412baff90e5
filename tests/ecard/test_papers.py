"""Cards and letters as PDF: readable by people, machines and screen readers, with codes that can be checked."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation
from pypdf import PdfReader

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.files.models import StoredFile
from mypolis.foundation.lib.documents.pdf import make_pdf
from mypolis.insurance.ecard.cards import card_of
from mypolis.insurance.ecard.face.print_values import CARD, card_values
from mypolis.insurance.ecard.flows import reissue, show
from mypolis.insurance.ecard.models import Letter
from tests.cast import ANNA, BUDI, JELENA, VERA
from tests.ecard.holders import COUNTER, Holder, counter
from tests.post import Post


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def checked_letter(market: str, code: str, *, language: str = "en") -> Any:
    headers = {"accept-language": language}
    return Client(REMOTE_ADDR=COUNTER).get(f"/api/v1/{market}/letter-check/{code}", headers=headers)


def ask_letter(holder: Holder, **body: str) -> dict[str, Any]:
    answer = holder.post("letters", {"card": holder.card, **body})
    assert answer.status_code == 201, answer.content
    return answer.json()


def paper(holder: Holder, letter: dict[str, Any]) -> bytes:
    return b"".join(holder.get(f"letters/{letter['id']}/pdf"))


def code_on(pdf: bytes) -> str:
    """The code in the URL printed on a letter."""
    found = re.search(r"/l/((?:[a-z0-9]{4}-?){4})", words(pdf).replace(" ", ""))
    assert found, words(pdf)
    return found[1]


@pytest.fixture
def anna(post: Post, folder: Path) -> Holder:
    anna = Holder(ANNA)
    anna.account.person.memberships.update(plan="Комфорт")
    anna.activate()
    return anna


@pytest.mark.parametrize("somebody", [JELENA, BUDI, ANNA], ids=["rs", "id", "ru"])
def test_a_card_on_paper_is_tagged_and_says_who_and_what_in_the_members_language(post: Post, somebody: Any) -> None:
    holder = Holder(somebody)
    number = holder.activate()["number"]
    language = holder.account.language
    answer = holder.get(f"cards/{holder.card}/pdf", **{"accept-language": language})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["Cache-Control"] == "no-store"
    document, text = read(answer.content), words(answer.content)
    root = document.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (language.partition("-")[0], True)
    assert document.metadata is not None
    assert document.metadata.title
    assert len(document.pages) == 1
    for part in (*holder.account.person.full_name.split(), somebody.policy_number, f"{number[:4]} {number[4:8]}"):
        assert part in text


def test_serbian_letters_are_right(post: Post) -> None:
    djordje = JELENA.but(given_name="Đorđe", surname="Žikić-Čović")
    holder = Holder(djordje)
    holder.activate()
    assert "Đorđe Žikić-Čović" in words(holder.get(f"cards/{holder.card}/pdf").content)


def test_a_name_is_printed_as_it_is_whatever_it_looks_like(anna: Holder) -> None:
    held = card_of(anna.account, anna.card)
    odd = '#read("/etc/passwd") $x$ *b* _i_ \\ // <a> @b [c] "d" `e`'
    with translation.override("ru"):
        values = {**card_values(held), "name": odd}
    text = words(make_pdf(CARD, values))
    assert "root:" not in text
    assert '#read("/etc/passwd")' in text


def test_the_code_on_a_paper_card_is_good_for_weeks_and_dies_with_the_card(anna: Holder) -> None:
    code = show(card_of(anna.account, anna.card), use="print").code
    with time_machine.travel(timezone.now() + timedelta(days=89)):
        assert counter("ru", code).json()["use"] == "print"
        reissue(account=anna.account, card_id=anna.card, by=SYSTEM)
        assert counter("ru", code).status_code == 410
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert counter("ru", code).json()["type"].endswith("card-code-expired")


def test_a_letter_says_who_is_insured_and_its_code_leads_to_its_check(anna: Holder) -> None:
    letter = ask_letter(anna)
    pdf = paper(anna, letter)
    text = words(pdf)
    for part in ("Соколова Анна Сергеевна", "Sokolova Anna Sergeevna", ANNA.policy_number, "Комфорт", letter["number"]):
        assert part in text
    facts = checked_letter("ru", code_on(pdf)).json()
    assert (facts["outcome"], facts["number"], facts["initials"]) == ("active", letter["number"], "А. С.")
    assert facts["policy"].endswith("04/7")
    assert ANNA.policy_number not in str(facts)
    assert ANNA.surname not in str(facts)
    assert [(look["use"], look["outcome"]) for look in anna.looks()] == [("letter", "active")]


def test_a_letter_may_be_in_another_language_of_the_market_and_in_no_other(anna: Holder) -> None:
    letter = ask_letter(anna, language="en")
    assert "Confirmation of cover" in words(paper(anna, letter))
    answer = anna.post("letters", {"card": anna.card, "language": "id"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "language")


def test_a_letter_stays_genuine_and_says_when_the_cover_is_over(anna: Holder) -> None:
    code = code_on(paper(anna, ask_letter(anna)))
    anna.account.person.memberships.update(end="2026-01-01", plan="Другая")
    facts = checked_letter("ru", code).json()
    assert facts["outcome"] == "not_active"
    assert facts["valid_until"] is None, "what the letter states, not what the file on the person says now"
    page = Client().get(f"/ru/l/{code}", headers={"accept-language": "en"})
    assert "no longer in force" in page.content.decode()


def test_the_check_takes_the_code_as_people_type_it_and_no_other(anna: Holder) -> None:
    code = code_on(paper(anna, ask_letter(anna)))
    assert checked_letter("ru", f" {code.upper()} ".replace(" ", "%20")).status_code == 200
    for wrong in (code[:-1], code[:-1] + ("a" if code[-1] != "a" else "b"), "x", "й"):
        assert checked_letter("ru", wrong).status_code == 404
        assert counter("ru", wrong).json() == checked_letter("ru", wrong).json()
    assert checked_letter("rs", code).status_code == 404
    assert Client().get("/ru/l/x").status_code == 404


def test_a_letter_of_somebody_else_is_not_found(anna: Holder, post: Post) -> None:
    letter, vera = ask_letter(anna), Holder(VERA)
    assert vera.get("letters").json() == {"letters": []}
    for odd in (letter["id"], "x", "1"):
        assert vera.get(f"letters/{odd}/pdf").status_code == 404


def test_a_letter_is_kept_sealed_and_each_reading_is_recorded(anna: Holder, folder: Path) -> None:
    letter = ask_letter(anna)
    (sealed,) = (path for path in folder.rglob("*") if path.is_file())
    assert b"%PDF" not in sealed.read_bytes()
    file = StoredFile.objects.of(Letter.objects.get()).get()
    assert (file.kind, file.media_type) == ("letter", "application/pdf")
    paper(anna, letter)
    kinds = list(Event.objects.filter(kind__in=["letter.issued", "file.stored", "file.opened"]).values_list("kind"))
    assert sorted(kinds) == [("file.opened",), ("file.stored",), ("letter.issued",)]


def test_there_is_no_letter_about_a_cover_that_is_not_in_force(anna: Holder) -> None:
    anna.account.person.memberships.update(end="2026-01-01")
    answer = anna.post("letters", {"card": anna.card})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:mypolis:problem:not-in-force")
    assert not Letter.objects.exists()


def test_letters_have_a_limit(anna: Holder) -> None:
    codes = [anna.post("letters", {"card": anna.card}).status_code for _time in range(11)]
    assert codes == [201] * 10 + [429]
