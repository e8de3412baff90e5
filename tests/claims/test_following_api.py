"""Sent claims through the API: questions, withdrawal, explanation, appeal, payment, files."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.files.checking.previews import store_previews
from mypolis.foundation.files.flows import store
from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims.drafts.checklist import OTHER
from mypolis.insurance.claims.lifecycle.asking import NewQuestion, ask
from mypolis.insurance.claims.lifecycle.deciding import LineDecision, Outcome, Verdict, decide
from mypolis.insurance.claims.lifecycle.paying import pay
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.api.talk import assert_problem, told
from tests.claims.app import App
from tests.claims.world import bank_account, draft, paper, reread, sent
from tests.uploads.tus_client import Tus

CORE = Actor("partner", "1")


@pytest.fixture
def app(budi: Account) -> App:
    return App(budi)


def questioned(budi: Account, document: str = "") -> tuple[Claim, str]:
    """A claim with a question, and the question's id."""
    claim = sent(budi)
    (question,) = ask(claim=claim, questions=[NewQuestion(id="q1", text="Why?", document=document)], by=CORE)
    return claim, str(question.pk)


def decided(budi: Account, granted: str = "100", outcome: Outcome = "partly_approved") -> Claim:
    """A claim of 150 with a decision."""
    claim = sent(budi)
    reasons = {"approved": (), "partly_approved": ("limit_visit",), "rejected": ("excluded",)}[outcome]
    line = LineDecision(line=claim.lines.get().pk, granted=Decimal(granted), currency="IDR", reasons=reasons)
    decide(claim=claim, verdict=Verdict(id="d1", at=timezone.now(), outcome=outcome, lines=(line,)), by=CORE)
    return reread(claim)


def cleaned(claim: Claim, content: bytes = b"\xff\xd8\xff clean") -> ReceivedFile:
    """A file of the claim that was checked, with its cleaned copy."""
    received = paper(claim, "report", content=content + b" received")
    received.cleaned = store(
        market=claim.market,
        owner=claim,
        kind="report",
        name="report.jpg",
        media_type="image/jpeg",
        content=[content],
        by=Actor("member", str(claim.account_id)),
    )
    received.pages = 1
    received.save()
    store_previews(received, [b"small"])
    return received


# Questions


def test_a_question_is_answered_in_words(app: App, budi: Account) -> None:
    claim, question = questioned(budi)
    asked = app.claim(claim)
    assert (asked["state"], asked["can"]) == ("waiting_for_member", ["answer", "withdraw"])
    assert asked["requests"] == [{"id": question, "text": "Why?", "answered": False, "document": None, "files": []}]
    assert asked["next"]["by"] == reread(claim).answer_by.isoformat()  # type: ignore[union-attr]
    for text in ("A cough.", "Something else."):
        answer = app.post(f"claims/{claim.pk}/answers", {"request": question, "text": text, "files": []})
        assert (answer.status_code, answer.json()["state"]) == (200, "in_review")
    assert (claim.questions.get().answer, answer.json()["requests"][0]["answered"]) == ("A cough.", True)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"text": "  "}, "text", "required"),
        ({"text": "", "cannot": True}, "text", "required"),
        ({"text": "x" * 2_001}, "text", "too_long"),
        ({"text": "a\u202e"}, "text", "unsafe"),
        ({"text": "x", "request": str(uuid4())}, "request", "unknown"),
        ({"text": "x", "files": [str(uuid4())]}, "files", "unknown"),
        ({"text": "x", "reply": "y"}, "reply", "unknown_field"),
        ({"text": 1}, "text", "wrong_type"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused(
    app: App, budi: Account, body: dict[str, Any], field: str, code: str
) -> None:
    claim, question = questioned(budi)
    problem = assert_problem(app.post(f"claims/{claim.pk}/answers", {"request": question} | body), 422)
    assert told(problem) == {(field, code)}
    assert reread(claim).state == "waiting_for_member"


def test_a_wanted_paper_answers_without_words_and_so_does_the_reason_for_not_having_it(app: App, budi: Account) -> None:
    claim, question = questioned(budi, document="report")
    file = paper(claim, "report")
    body = {"request": question, "files": [str(file.pk)]}
    assert app.post(f"claims/{claim.pk}/answers", body).json()["state"] == "in_review"
    claim, question = questioned(budi, document="report")
    body = {"request": question, "text": "The clinic closed.", "cannot": True}
    assert app.post(f"claims/{claim.pk}/answers", body).json()["state"] == "in_review"


def test_the_file_of_another_claim_is_no_answer(app: App, budi: Account) -> None:
    claim, question = questioned(budi)
    other = paper(draft(budi), "report")
    body = {"request": question, "text": "x", "files": [str(other.pk)]}
    assert told(assert_problem(app.post(f"claims/{claim.pk}/answers", body), 422)) == {("files", "unknown")}


# Withdrawal, decision, appeal


def test_a_claim_is_withdrawn_and_sent_again(app: App, budi: Account) -> None:
    claim = sent(budi)
    for _time in range(2):
        answer = app.post(f"claims/{claim.pk}/withdraw").json()
        assert (answer["state"], answer["can"]) == ("withdrawn", ["send-again"])
    new = app.post(f"claims/{claim.pk}/send-again")
    assert new.status_code == 201
    assert (new.json()["state"], new.json()["number"], new["ETag"]) == ("draft", None, '"1"')
    assert_problem(app.post(f"claims/{new.json()['id']}/send-again"), 409)


def test_a_decision_is_explained_line_by_line(app: App, budi: Account) -> None:
    claim = decided(budi)
    document = app.claim(claim)
    (line,) = document["lines"]
    assert (line["amount"], line["granted"], line["own_share"]) == ("150.00", "100.00", "50.00")
    assert document["payment"] == {
        "state": "to_be_paid",
        "at": None,
        "amount": "100.00",
        "currency": "IDR",
        "reason": None,
    }
    said = app.get(f"claims/{claim.pk}/eob").json()
    assert (said["billed"], said["granted"], said["own_share"]) == ("150.00", "100.00", "50.00")
    assert (said["outcome"], said["number"]) == ("partly_approved", claim.number)
    (explained,) = said["lines"]
    assert explained["reasons"] == line["reasons"]
    assert [(one["code"], one["amount"]) for one in line["reasons"]] == [("limit_visit", "50.00")]
    assert line["reasons"][0]["text"] == "The limit for a visit was reached."


def test_the_explanation_is_a_paper_too(app: App, budi: Account) -> None:
    claim = decided(budi)
    answer = app.get(f"claims/{claim.pk}/eob?format=pdf")
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert_problem(app.get(f"claims/{claim.pk}/eob?format=html"), 422)
    assert_problem(app.get(f"claims/{sent(budi).pk}/eob?format=pdf"), 409)


def test_before_a_decision_there_is_nothing_to_explain(app: App, budi: Account, siti: Account) -> None:
    claim = sent(budi)
    assert assert_problem(app.get(f"claims/{claim.pk}/eob"), 409)["can"] == ["withdraw"]
    assert_problem(App(siti).get(f"claims/{decided(budi).pk}/eob"), 404)


def test_an_appeal_needs_words_and_is_possible_once(app: App, budi: Account) -> None:
    claim = decided(budi)
    assert "appeal" in app.claim(claim)["can"]
    assert told(assert_problem(app.post(f"claims/{claim.pk}/appeal", {"text": " "}), 422)) == {("text", "required")}
    body = {"text": "The limit is higher.\nSee page 3.", "files": [str(paper(claim, "report").pk)]}
    for _time in range(2):
        answer = app.post(f"claims/{claim.pk}/appeal", body).json()
        assert (answer["state"], answer["can"]) == ("appealed", [])
    assert reread(claim).last_decision.appeal.text == body["text"]  # type: ignore[union-attr]


def test_files_for_an_appeal_are_uploaded_before_it(app: App, budi: Account) -> None:
    refused, granted = decided(budi), decided(budi, "150", "approved")
    answers = [Tus(app, "api").create(5, claim=str(claim.pk), document=OTHER, shelf="") for claim in (refused, granted)]
    assert [answer.status_code for answer in answers] == [201, 403]


def test_an_appeal_after_its_last_day_says_what_is_still_possible(app: App, budi: Account) -> None:
    claim = decided(budi, "0", "rejected")
    Claim.objects.update(appeal_until=timezone.now().date().replace(year=2000))
    problem = assert_problem(app.post(f"claims/{claim.pk}/appeal", {"text": "No."}), 409)
    assert (problem["type"].rpartition(":")[2], problem["can"]) == ("too-late", ["send-again"])


def test_a_draft_is_not_withdrawn_appealed_or_paid_elsewhere(app: App, budi: Account) -> None:
    claim = draft(budi)
    for path, body in (("withdraw", {}), ("appeal", {"text": "x"}), ("account", {"pay_to": str(uuid4())})):
        problem = assert_problem(app.post(f"claims/{claim.pk}/{path}", body), 409)
        assert problem["can"] == ["edit", "submit", "discard"]


def test_a_payment_that_came_back_is_made_to_another_account(app: App, budi: Account) -> None:
    claim = decided(budi)
    pay(claim=claim, state="failed", at=timezone.now(), code="account_closed", by=CORE)
    failed = app.claim(claim)
    assert (failed["state"], failed["can"]) == ("payment_failed", ["change-account"])
    assert "closed" in failed["payment"]["reason"]
    unknown = app.post(f"claims/{claim.pk}/account", {"pay_to": str(uuid4())})
    assert told(assert_problem(unknown, 422)) == {("pay_to", "unknown")}
    same = app.post(f"claims/{claim.pk}/account", {"pay_to": str(bank_account(budi).pk)})
    assert told(assert_problem(same, 422)) == {("pay_to", "same")}
    other = bank_account(budi, "9988776655")
    again = app.post(f"claims/{claim.pk}/account", {"pay_to": str(other.pk)}).json()
    assert (again["state"], again["payment"]["state"], again["pay_to"]["shown"]) == (
        "to_be_paid",
        "to_be_paid",
        "•••• 6655",
    )


# Files


def test_a_cleaned_file_is_served_and_its_opening_is_recorded(app: App, budi: Account, siti: Account) -> None:
    claim = sent(budi)
    received = cleaned(claim)
    (document,) = [one for one in app.claim(claim)["documents"] if one["kind"] == "report"]
    assert document["files"][0]["sha256"] == received.sha256
    for query, content in (("", b"small"), ("?page=1", b"small"), ("?full=1", b"\xff\xd8\xff clean")):
        answer = app.get(f"claims/{claim.pk}/files/{received.pk}{query}")
        assert (answer.status_code, b"".join(answer)) == (200, content)
        assert answer["Cache-Control"] == "no-store"
    assert_problem(app.get(f"claims/{claim.pk}/files/{received.pk}?page=2"), 404)
    assert Event.objects.filter(kind="file.opened").count() == 3
    assert_problem(App(siti).get(f"claims/{claim.pk}/files/{received.pk}"), 404)
    assert_problem(app.get(f"claims/{sent(budi).pk}/files/{received.pk}"), 404)


@pytest.mark.parametrize("state", ["checking", "refused"])
def test_a_file_that_is_not_clean_is_never_served(app: App, budi: Account, state: str) -> None:
    claim = sent(budi)
    received = paper(claim, "report", content=b"what was received", state=state)
    for query in ("", "?full=1"):
        answer = app.get(f"claims/{claim.pk}/files/{received.pk}{query}")
        assert assert_problem(answer, 409)["can"] == ["withdraw"]


def test_a_file_that_is_unknown_does_not_exist(app: App, budi: Account) -> None:
    claim = sent(budi)
    for key in (uuid4(), "x", "7"):
        assert_problem(app.get(f"claims/{claim.pk}/files/{key}"), 404)
