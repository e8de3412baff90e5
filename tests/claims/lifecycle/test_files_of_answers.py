"""Files belong to the answer or the appeal with which they came: on the page, in JSON, and for the core system."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims.core_system.documents import core_documents
from mypolis.insurance.claims.lifecycle.asking import NewQuestion
from mypolis.insurance.claims.models import Appeal, Claim
from mypolis.membership.accounts.models import Account
from tests.claims.app import App
from tests.claims.pages.reading import Reader, questioned, rejected
from tests.claims.world import paper, reread

REPORT = NewQuestion(id="q1", text="Please send the report.", document="report")
WORDS = NewQuestion(id="q2", text="What was the visit for?")


@pytest.fixture
def claim(budi: Account) -> Claim:
    """A claim about which we asked two things; its receipt came before."""
    return questioned(budi, REPORT, WORDS)


def files_of_answers(claim: Claim) -> dict[str, list[str]]:
    return {one.external_id: [file.kind for file in one.files.all()] for one in claim.questions.all()}


def test_a_file_of_the_wanted_kind_belongs_to_its_answer(budi: Account, claim: Claim) -> None:
    file = paper(claim, "report", content=b"report")
    app, question = App(budi), claim.questions.get(external_id="q1")
    app.post(f"claims/{claim.pk}/answers", {"request": str(question.pk), "text": ""})
    assert files_of_answers(claim) == {"q1": ["report"], "q2": []}
    requests = {one["text"]: one["files"] for one in app.claim(claim)["requests"]}
    assert requests == {REPORT.text: [str(file.pk)], WORDS.text: []}
    (core,) = core_documents([claim.pk])
    assert [one["files"] for one in core["questions"] if one["id"] == "q1"] == [[str(file.pk)]]


def test_a_file_that_the_app_names_belongs_to_that_answer_alone(budi: Account, claim: Claim) -> None:
    file, app = paper(claim, "receipt", content=b"a clearer one"), App(budi)
    for key in ("q1", "q2"):
        question = claim.questions.get(external_id=key)
        body = {"request": str(question.pk), "text": "Here it is.", "files": [str(file.pk)] if key == "q1" else []}
        assert app.post(f"claims/{claim.pk}/answers", body).status_code == 200
    assert files_of_answers(claim) == {"q1": ["receipt"], "q2": []}


def test_the_page_shows_the_file_with_its_answer(budi: Account, claim: Claim) -> None:
    reader = Reader(budi)
    photo = SimpleUploadedFile("report.jpg", b"\xff\xd8\xff a photo", "image/jpeg")
    reader.client.post(reader.address(claim, "answers/"), {"report": photo})
    assert claim.questions.get(external_id="q2").answered_at is None, "the report says nothing about the visit"
    assert files_of_answers(claim) == {"q1": ["report"], "q2": []}
    page = reader.get(reader.address(claim)).content.decode()
    assert "report.jpg" in page.partition('id="answered"')[2].partition("</section>")[0]


def test_the_file_of_an_appeal_belongs_to_it(budi: Account) -> None:
    claim, app = rejected(budi), App(budi)
    paper(claim, "other", content=b"a letter")
    assert app.claim(claim)["appeal"] is None
    body = {"text": "Please look at the letter.", "files": []}
    document = app.post(f"claims/{claim.pk}/appeal", body).json()
    appeal = Appeal.objects.get()
    assert [file.kind for file in appeal.files.all()] == ["other"]
    assert document["appeal"]["text"] == body["text"]
    assert document["appeal"]["files"] == [str(appeal.files.get().pk)]
    (core,) = core_documents([claim.pk])
    assert core["appeal"]["files"] == document["appeal"]["files"]


def test_an_appeal_without_script_brings_its_file_and_the_page_shows_both(budi: Account) -> None:
    claim, reader = rejected(budi), Reader(budi)
    assert "Add a photo or a PDF" in reader.read(reader.address(claim, "appeal/"))
    letter = SimpleUploadedFile("letter.jpg", b"\xff\xd8\xff a letter", "image/jpeg")
    sent = reader.client.post(reader.address(claim, "appeal/"), {"text": "See the letter.", "other": letter})
    assert sent["Location"] == reader.address(claim)
    page = reader.get(reader.address(claim)).content.decode()
    appealed = page.partition('id="appealed"')[2].partition("</section>")[0]
    assert "See the letter." in appealed
    assert "letter.jpg" in appealed


def test_a_file_of_an_appeal_that_cannot_be_taken_sends_nothing(budi: Account) -> None:
    claim, reader = rejected(budi), Reader(budi)
    empty = SimpleUploadedFile("letter.jpg", b"", "image/jpeg")
    response = reader.client.post(reader.address(claim, "appeal/"), {"text": "See the letter.", "other": empty})
    assert response.status_code == 422
    assert reread(claim).state == "rejected"
    assert ReceivedFile.objects.of(claim).filter(kind="other").count() == 0
