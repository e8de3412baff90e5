"""Drafts through the API: strict reading, two devices, sending, and what is not theirs."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mypolis.insurance.claims import api
from mypolis.insurance.claims.models import Claim, Line
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.models import Viewing
from tests.api.talk import assert_problem, told
from tests.claims.app import App
from tests.claims.world import bank_account, bill, changed, complete, cover, draft, paper, reread, sent, today

KEYS = {
    *("id", "number", "version", "state", "for", "benefit", "treated_on", "provider", "diagnosis", "lines"),
    *("documents", "missing", "estimate", "pay_to", "requests", "payment", "timeline", "next", "can"),
    *("until", "details", "sections", "limits_as_of", "origin", "clinic_bill", "entered", "appeal"),
}
LINE_KEYS = {
    *("id", "date", "until", "benefit", "text", "number", "count", "same_case_as", "in_network", "amount"),
    *("currency", "granted", "own_share", "reasons"),
}


@pytest.fixture
def app(budi: Account) -> App:
    return App(budi)


# What is refused


def test_claims_need_a_token(app: App, budi: Account) -> None:
    claim = draft(budi)
    del app.client.defaults["HTTP_AUTHORIZATION"]
    for path in ("claims", f"claims/{claim.pk}"):
        assert_problem(app.get(path), 401)


@pytest.mark.parametrize("path", ["", "/submit", "/withdraw", "/send-again"])
def test_somebody_elses_claim_is_not_found(budi: Account, siti: Account, path: str) -> None:
    other = App(siti)
    for key in (draft(budi).pk, sent(budi).pk, uuid4(), "7", "x"):
        answer = other.get(f"claims/{key}") if not path else other.post(f"claims/{key}{path}")
        assert assert_problem(answer, 404)["type"].endswith("unknown-claim")


def test_a_draft_for_a_strangers_cover_or_of_an_unknown_benefit_is_refused(
    app: App, budi: Account, siti: Account
) -> None:
    assert_problem(app.post("claims", {"for": str(cover(siti).pk), "benefit": "doctor"}), 404)
    problem = assert_problem(app.post("claims", {"for": str(cover(budi).pk), "benefit": "spa"}), 422)
    assert told(problem) == {("benefit", "unknown")}
    assert told(assert_problem(app.post("claims", {"benefit": "doctor"}), 422)) == {("for", "required")}
    assert Claim.objects.count() == 0


def test_saving_needs_the_version(app: App, budi: Account) -> None:
    claim = draft(budi)
    for version in (None, "*", ""):
        assert_problem(app.patch(claim, {"provider": "Klinik"}, version=version), 428)
    for version in ('W/"1"', "1", '"x"', '"1", "2"', '"99"'):
        assert_problem(app.patch(claim, {"provider": "Klinik"}, version=version), 412)
    assert reread(claim).provider == ""


@pytest.mark.parametrize(
    ("line", "field"),
    [
        *(({"amount": amount}, "lines.0.amount") for amount in ("0", "0.00", "-1", "1e12", "1,50", "150.000", "1.234")),
        *(
            ({"amount": amount}, "lines.0.amount")
            for amount in ("", " 1", "1 000", "١٥٠", "9999999999999", "NaN", ".5")
        ),
        *(({"date": day}, "lines.0.date") for day in ("", "20.11.2026", "2025-02-29", "0001-01-01", "9999-12-31")),
        *(({"currency": word}, "lines.0.currency") for word in ("idr", "R", "РУБ")),
        ({"text": "a\u202eb"}, "lines.0.text"),
        ({"text": "x" * 201}, "lines.0.text"),
        ({"id": str(uuid4())}, "lines.0.id"),
        ({"same_case_as": str(uuid4())}, "lines"),
        ({"amount": 150000}, "amount"),
        ({"amount": True}, "amount"),
        ({"count": 0}, "count"),
        ({"count": "2"}, "count"),
        ({"granted": "1.00"}, "granted"),
        ({"refusal": "excluded"}, "refusal"),
        ({"rate": "2"}, "rate"),
        ({"not_medical": "1"}, "not_medical"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_nothing_is_saved(
    app: App, budi: Account, line: dict[str, Any], field: str
) -> None:
    claim = draft(budi)
    problem = assert_problem(app.patch(claim, {"provider": "Klinik", "lines": [line]}, version=1), 422)
    assert {error["field"] for error in problem["errors"]} == {field}
    assert (Line.objects.count(), reread(claim).provider, reread(claim).version) == (0, "", 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"state": "approved"}, "state"),
        ({"number": "C-1"}, "number"),
        ({"treated_on": "yesterday"}, "treated_on"),
        ({"treated_on": 20261120}, "treated_on"),
        ({"provider": None}, "provider"),
        ({"provider": "x" * 201}, "provider"),
        ({"diagnosis": "a\u0000b"}, "diagnosis"),
        ({"details": {"colour": "red"}}, "details"),
        ({"details": {"left_on": "soon"}}, "left_on"),
        ({"pay_to": str(uuid4())}, "pay_to"),
        ({"pay_to": "1234567890"}, "pay_to"),
        ({"benefit": "spa"}, "benefit"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(app: App, budi: Account, body: dict[str, Any], field: str) -> None:
    claim = draft(budi)
    problem = assert_problem(app.patch(claim, body, version=1), 422)
    assert field in {error["field"] for error in problem["errors"]}
    assert reread(claim).version == 1


def test_a_line_is_in_the_list_once(app: App, budi: Account) -> None:
    claim = changed(budi, draft(budi), lines=[bill(budi)])
    key = str(claim.lines.get().pk)
    problem = assert_problem(app.patch(claim, {"lines": [{"id": key}, {"id": key}]}, version=2), 422)
    assert told(problem) == {("lines.1.id", "unknown")}


def test_the_account_of_somebody_else_cannot_be_paid(app: App, budi: Account, siti: Account) -> None:
    claim = draft(budi)
    foreign = bank_account(siti, "5555555555")
    assert told(assert_problem(app.patch(claim, {"pay_to": str(foreign.pk)}, version=1), 422)) == {
        ("pay_to", "unknown")
    }


def test_a_sent_claim_is_not_saved_and_says_what_it_can(app: App, budi: Account) -> None:
    claim = sent(budi)
    for answer in (app.patch(claim, {"provider": "x"}, version=claim.version), app.delete(f"claims/{claim.pk}")):
        problem = assert_problem(answer, 409)
        assert problem["can"] == ["withdraw"]


def test_an_incomplete_draft_says_what_is_missing(app: App, budi: Account) -> None:
    problem = assert_problem(app.post(f"claims/{draft(budi).pk}/submit"), 422)
    assert {one["field"] for one in problem["missing"]} >= {"treated_on", "lines", "pay_to", "documents.receipt"}
    assert all(one["text"] for one in problem["missing"])


def test_refusals_are_in_the_members_language(app: App, budi: Account) -> None:
    app.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    problem = assert_problem(app.patch(draft(budi), {"lines": [{"amount": "150.000"}]}, version=1), 422)
    assert "angka" in problem["errors"][0]["message"]


@pytest.mark.parametrize("after", ["x", "1", "1-2", "-", "9" * 25 + "-" + "0" * 32, "1-" + "z" * 32])
def test_an_invalid_cursor_is_refused(app: App, after: str) -> None:
    assert told(assert_problem(app.get(f"claims?after={after}"), 422)) == {("after", "invalid")}


def test_nobody_lists_the_claims_of_a_stranger(app: App, siti: Account) -> None:
    for whose in (siti.person_id, "x", "0"):
        assert_problem(app.get(f"claims?whose={whose}"), 404)


# A draft from its beginning to sending


def test_the_document_has_the_keys_of_the_contract(app: App, budi: Account) -> None:
    answer = app.post("claims", {"for": str(cover(budi).pk), "benefit": "doctor"})
    assert answer.status_code == 201
    made = answer.json()
    assert set(made) == KEYS
    assert answer["ETag"] == '"1"'
    assert (made["number"], made["state"], made["payment"], made["estimate"]) == (None, "draft", None, None)
    assert made["for"] == {
        "membership": str(cover(budi).pk),
        "name": "Budi Santoso",
        "policy_number": "GRP-88",
        "participant_number": "000123",
    }
    assert made["can"] == ["edit", "submit", "discard"]
    (claim,) = app.get("claims").json()["claims"]
    assert {**claim, "sections": made["sections"]} == made


def test_a_claim_is_made_saved_and_sent(app: App, budi: Account) -> None:
    made = app.post("claims", {"for": str(cover(budi).pk), "benefit": "doctor"}).json()
    day = (today(budi) - timedelta(days=3)).isoformat()
    line = {"date": day, "benefit": "doctor", "amount": "150000.5", "currency": "IDR", "number": "F-1"}
    body = {"treated_on": day, "provider": "Klinik Melati", "diagnosis": "batuk\ndan  demam", "lines": [line]}
    answer = app.patch(made["id"], body | {"pay_to": str(bank_account(budi).pk)}, version=1)
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    saved = answer.json()
    assert set(saved["lines"][0]) == LINE_KEYS
    assert (saved["lines"][0]["amount"], saved["diagnosis"]) == ("150000.50", "batuk\ndan demam")
    assert saved["pay_to"]["shown"] == "•••• 7890"
    paper(Claim.objects.get())
    first, again = (app.post(f"claims/{made['id']}/submit").json() for _time in range(2))
    assert first["number"] == again["number"]
    assert (first["state"], first["can"], first["missing"], first["sections"]) == ("received", ["withdraw"], [], None)
    assert [entry["kind"] for entry in first["timeline"]] == ["submitted", "received"]
    assert first["next"]["by"] == reread(Claim.objects.get()).promised_by.isoformat()  # type: ignore[union-attr]
    assert Claim.objects.get().changes.filter(after="submitted").count() == 1


def test_the_lines_of_a_document_can_be_sent_back_as_they_are(app: App, budi: Account) -> None:
    claim = complete(budi)
    before = app.claim(claim)
    answer = app.patch(claim, {"lines": before["lines"]}, version=before["version"])
    assert (answer.status_code, answer.json()["version"]) == (200, before["version"])


def test_a_line_read_from_a_code_counts_as_read_until_its_date_or_amount_changes(app: App, budi: Account) -> None:
    claim = changed(budi, draft(budi), lines=[bill(budi, read_from="code")])
    lines = app.claim(claim)["lines"]
    lines[0]["text"] = "Konsultasi"
    app.patch(claim, {"lines": lines}, version=2)
    assert claim.lines.get().read_from == "code"
    lines[0]["amount"] = "151.00"
    app.patch(claim, {"lines": lines}, version=3)
    assert claim.lines.get().read_from == "typed"


def test_the_later_device_gets_the_newer_document_and_nothing_is_lost(app: App, budi: Account) -> None:
    claim = draft(budi)
    phone = app.patch(claim, {"provider": "Klinik Melati"}, version=1)
    laptop = app.patch(claim, {"diagnosis": "batuk"}, version=1)
    problem = assert_problem(laptop, 412)
    assert problem["claim"] == phone.json()
    assert laptop["ETag"] == '"2"'
    assert app.patch(claim, {"diagnosis": "batuk"}, version=2).status_code == 200
    assert (reread(claim).provider, reread(claim).diagnosis) == ("Klinik Melati", "batuk")


def test_a_device_whose_line_another_deleted_is_told_so(app: App, budi: Account) -> None:
    claim = changed(budi, draft(budi), lines=[bill(budi)])
    lines = app.claim(claim)["lines"]
    changed(budi, claim, lines=[])
    assert_problem(app.patch(claim, {"lines": lines}, version=2), 412)


def test_a_draft_describes_its_fields(app: App, budi: Account) -> None:
    sections = {one["name"]: one["fields"] for one in app.claim(complete(budi))["sections"]}
    assert list(sections) == ["member", "treatment", "bills", "documents", "pay"]
    assert [field["name"] for field in sections["treatment"]] == ["treated_on", "provider", "diagnosis"]
    assert {"value": "doctor", "label": "Doctor"} in sections["member"][0]["choices"]
    assert sections["pay"][0]["choices"] == [{"value": str(bank_account(budi).pk), "label": "•••• 7890"}]


def test_a_draft_says_what_the_plan_would_pay(app: App, budi: Account) -> None:
    claim = changed(budi, draft(budi), lines=[bill(budi, "300.00")])
    assert app.claim(claim)["estimate"] == {"granted": "200.00", "own_share": "100.00", "currency": "IDR"}
    assert app.get("claims").json()["claims"][0]["estimate"] is None
    changed(budi, claim, lines=[])
    assert app.claim(claim)["estimate"] is None


def test_a_draft_is_discarded_with_its_files(app: App, budi: Account) -> None:
    claim = complete(budi)
    assert app.delete(f"claims/{claim.pk}").status_code == 204
    assert_problem(app.get(f"claims/{claim.pk}"), 404)


def test_a_file_is_removed_from_a_draft_only(app: App, budi: Account) -> None:
    claim = complete(budi)
    (file,) = app.claim(claim)["documents"][0]["files"]
    for _time in range(2):
        assert app.delete(f"claims/{claim.pk}/files/{file['id']}").status_code == 204
    assert app.claim(claim)["documents"][0]["files"] == []
    gone = sent(budi)
    (file,) = app.claim(gone)["documents"][0]["files"]
    assert_problem(app.delete(f"claims/{gone.pk}/files/{file['id']}"), 409)


# Lists


def test_a_list_is_paged_without_a_gap_even_if_a_draft_goes(app: App, budi: Account, monkeypatch: Any) -> None:
    monkeypatch.setattr(api, "PAGE", 2)
    made = [str(draft(budi).pk) for _number in range(5)]
    first = app.get("claims").json()
    assert [one["id"] for one in first["claims"]] == made[:2:-1]
    app.delete(f"claims/{made[3]}")
    second = app.get(f"claims?after={first['next']}").json()
    third = app.get(f"claims?after={second['next']}").json()
    assert [one["id"] for one in second["claims"] + third["claims"]] == made[2::-1]
    assert third["next"] is None


def test_a_list_needs_as_many_queries_for_many_as_for_few(app: App, budi: Account) -> None:
    counts = []
    for number in (1, 4):
        for _time in range(number):
            sent(budi)
        with CaptureQueriesContext(connection) as queries:
            assert app.get("claims").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_a_parent_sees_the_sent_claims_of_a_child_and_the_viewing_is_recorded(budi: Account, siti: Account) -> None:
    claim = sent(siti)
    unsent = draft(siti)
    cover(siti).policy.memberships.filter(person=siti.person).update(relation="child", employee_number="7")
    cover(budi).policy.memberships.filter(person=budi.person).update(relation="employee", employee_number="7")
    siti.person.birth_date = today(budi) - timedelta(days=365 * 8)
    siti.person.save()
    parent = App(budi)
    listed = parent.get(f"claims?whose={siti.person_id}").json()["claims"]
    assert [one["id"] for one in listed] == [str(claim.pk)]
    assert listed[0]["can"] == []
    assert_problem(parent.get(f"claims/{unsent.pk}"), 404)
    assert_problem(parent.post(f"claims/{claim.pk}/withdraw"), 404)
    assert Viewing.objects.filter(person=siti.person, viewer=budi, what="claims").exists()
