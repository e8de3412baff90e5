"""Documents, letters and payments of a policy: who may see them, how they are served, how they are loaded."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.files.models import StoredFile
from mypolis.insurance.coverage.billing.payments import load_payments
from mypolis.insurance.coverage.documents.policy_documents import (
    DocumentRefused,
    Place,
    add_document,
    document_of,
    documents_of,
)
from mypolis.insurance.coverage.models import Instalment
from mypolis.membership.people.models import Membership
from tests.cast import JELENA, on_file
from tests.clock import TODAY
from tests.coverage.members import insured
from tests.coverage.test_cover_api import Member
from tests.coverage.test_cover_commands import run
from tests.coverage.test_cover_pages import Reader, words_of
from tests.post import Post

PDF = b"%PDF-1.7\nA small paper.\n"
pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def budi(post: Post, tmp_path: Path) -> Reader:
    return Reader(tmp_path)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    path.write_bytes(PDF)
    return path


def given(
    paper: Path, membership: Membership, *, kind: Any = "rules", name: str = "Rules.pdf", **place: Any
) -> StoredFile:
    """Store the document for a policy or for one member of it."""
    policy = membership.policy
    where = Place(policy_number=policy.number, policy_type=policy.type, **place)
    return add_document(market=policy.market, place=where, kind=kind, path=paper, name=name, by=SYSTEM)


def content(response: Any) -> bytes:
    parts: Iterator[bytes] = response.streaming_content
    return b"".join(parts)


def test_a_paper_of_the_policy_is_listed_and_read_with_headers_that_let_nothing_run(budi: Reader, paper: Path) -> None:
    file = given(paper, budi.membership, name="Rules of Gold.pdf")
    assert "Rules of Gold.pdf Rules of insurance" in budi.read(budi.policy)
    response = budi.client.get(f"{budi.policy}documents/{file.pk}/")
    assert content(response) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="Rules of Gold.pdf"'
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert Event.objects.filter(kind="file.opened", actor_kind="member").count() == 1


def test_what_was_given_to_one_member_is_not_found_by_another_on_the_same_policy(budi: Reader, paper: Path) -> None:
    siti = insured("Siti")
    assert siti.policy == budi.membership.policy
    theirs = given(paper, siti, kind="receipt", participant_number=siti.participant_number)
    ours = given(paper, budi.membership, kind="receipt", participant_number=budi.membership.participant_number)
    assert [one.file for one in documents_of(budi.membership)] == [ours]
    assert budi.client.get(f"{budi.policy}documents/{theirs.pk}/").status_code == 404
    assert budi.client.get(f"{budi.policy}documents/{ours.pk}/").status_code == 200


@pytest.mark.parametrize("document", ["x", "1", "5f0c0b46-96b6-4f3a-9d2b-6b4f7f1f8e11", "%00"])
def test_what_is_no_document_is_not_found(budi: Reader, document: str) -> None:
    assert budi.client.get(f"{budi.policy}documents/{document}/").status_code == 404


def test_a_file_that_another_room_keeps_for_the_policy_is_none_of_its_papers(budi: Reader, paper: Path) -> None:
    file = given(paper, budi.membership)
    StoredFile.objects.update(kind="upload")
    assert documents_of(budi.membership) == []
    assert document_of(budi.membership, str(file.pk)) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "receipt"}, "personal"),
        ({"name": "a\u202eb.pdf"}, "bad_name"),
        ({"name": "x" * 200}, "bad_name"),
        ({"participant_number": "999999"}, "unknown_member"),
    ],
)
def test_a_document_that_cannot_be_right_is_refused(
    budi: Reader, paper: Path, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(DocumentRefused, match=code):
        given(paper, budi.membership, **change)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("contents", [b"", b"<html>", b"MZ\x90", b" %PDF-", b"GIF89a"])
def test_only_papers_and_pictures_are_taken_whatever_they_are_called(
    budi: Reader, tmp_path: Path, contents: bytes
) -> None:
    path = tmp_path / "rules.pdf"
    path.write_bytes(contents)
    with pytest.raises(DocumentRefused, match="not_a_document"):
        given(path, budi.membership)


def test_the_command_gives_and_takes_documents(
    budi: Reader, paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = budi.membership.policy.number
    add = ["document", "add", str(paper), "--market", "id", "--policy", number, "--kind", "rules"]
    assert run(*add) == 0
    (found,) = documents_of(budi.membership)
    assert capsys.readouterr().out == f"Stored as {found.file.pk}.\n"
    assert run(*[*add[:-1], "receipt"]) == 1
    assert "say whose it is" in capsys.readouterr().err
    assert run(*[*add[:2], str(tmp_path / "none.pdf"), *add[3:]]) == 1
    assert run(*[*add[:4], "xx", *add[5:]]) == 2
    remove = ["document", "remove", str(found.file.pk), "--market", "id"]
    assert (run(*remove), run(*remove), run(*[*remove[:2], "x", *remove[3:]])) == (0, 1, 1)
    assert documents_of(budi.membership) == []


def test_a_member_has_a_letter_written_and_reads_it(budi: Reader) -> None:
    response = budi.client.post(f"{budi.policy}letters/new/", {"language": "en"})
    letter = budi.membership.letters.get()
    assert response["Location"] == f"/id/letters/{letter.pk}/"
    assert (letter.language, letter.number in budi.read(budi.policy)) == ("en", True)
    paper = budi.client.get(f"/id/letters/{letter.pk}/")
    assert content(paper).startswith(b"%PDF-")
    assert paper["Content-Disposition"].startswith("inline")


def test_a_letter_of_a_cover_that_is_not_in_force_or_not_the_members_own_is_not_written(budi: Reader) -> None:
    assert budi.client.post(f"/id/cover/{insured('Siti').pk}/letters/new/").status_code == 404
    assert budi.client.get(f"/id/letters/{uuid4()}/").status_code == 404
    Membership.objects.update(end=TODAY - timedelta(days=1))
    assert budi.client.post(f"{budi.policy}letters/new/")["Location"] == budi.policy
    assert not budi.membership.letters.exists()
    assert "Confirmation of cover" not in budi.read(budi.policy)


def test_letters_have_a_limit_that_is_told(budi: Reader) -> None:
    answers = [budi.client.post(f"{budi.policy}letters/new/").status_code for _number in range(12)]
    assert set(answers) == {302, 429}


def payments(tmp_path: Path, *rows: str) -> Path:
    """A payment list from billing."""
    path = tmp_path / "payments.csv"
    path.write_text("id,policy_number,policy_type,due,amount,currency,paid_on\n" + "\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def jelena(db: None) -> Membership:
    on_file(JELENA)
    Membership.objects.update(relation="policyholder")
    return Membership.objects.select_related("policy", "person").get()


def test_payments_are_taken_once_and_changed_by_what_comes_later(jelena: Membership, tmp_path: Path) -> None:
    number = jelena.policy.number
    rows = [f"p1,{number},,{TODAY},3450.00,RSD,", f"p2,{number},,{TODAY},10,EUR,"]
    first = load_payments(market="rs", path=payments(tmp_path, *rows), by=SYSTEM)
    again = load_payments(market="rs", path=payments(tmp_path, *rows), by=SYSTEM)
    paid = load_payments(market="rs", path=payments(tmp_path, f"{rows[0]}{TODAY}"), by=SYSTEM)
    assert [(one.taken, one.repeated, one.errors) for one in (first, again, paid)] == [
        (2, 0, []),
        (0, 2, []),
        (1, 0, []),
    ]
    assert Instalment.objects.get(external_id="p1").paid_on == TODAY
    assert Event.objects.filter(kind="cover.payments_loaded").count() == 2


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("p1,NO-1,,2026-01-01,5,RSD,", "unknown_policy"),
        ("p1,{number},,2026-13-01,5,RSD,", "not_a_date"),
        ("p1,{number},,,5,RSD,", "not_a_date"),
        ("p1,{number},,2026-01-01,-5,RSD,", "bad_amount"),
        ("p1,{number},,2026-01-01,,RSD,", "bad_amount"),
        ("p1,{number},,2026-01-01,5,XXX,", "unknown_currency"),
        (",{number},,2026-01-01,5,RSD,", "bad_external_id"),
    ],
)
def test_a_bad_row_of_payments_is_told_and_the_others_are_taken(
    jelena: Membership, tmp_path: Path, row: str, code: str
) -> None:
    number = jelena.policy.number
    path = payments(tmp_path, row.format(number=number), f"good,{number},,2026-01-01,5,RSD,")
    report = load_payments(market="rs", path=path, by=SYSTEM)
    assert ([problem.code for problem in report.errors], report.taken) == ([code], 1)


def test_a_policyholder_sees_what_is_due_and_others_on_the_policy_do_not(post: Post, tmp_path: Path) -> None:
    budi = Reader(tmp_path)
    policy, membership = budi.membership.policy, budi.membership
    policy.type, policy.employer = "individual", None
    policy.save()
    soon, past = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    Membership.objects.update(relation="policyholder", start=TODAY - timedelta(days=60))
    type(policy).objects.update(start=TODAY - timedelta(days=60))
    rows = (f"a,{policy.number},,{past},385000,IDR,{past}", f"b,{policy.number},,{soon},385000,IDR,")
    assert load_payments(market="id", path=payments(tmp_path, *rows), by=SYSTEM).errors == []
    page = budi.read(budi.policy)
    assert re.search(r"Next payment: IDR 385,000 on \d+ \w+ \d{4}", page)
    assert "IDR 770,000 in all" in page
    Instalment.objects.filter(external_id="a").update(paid_on=None)
    assert "was due on" in budi.read(budi.policy)
    membership.relation = "spouse"
    membership.save()
    assert "Premium" not in words_of(budi.client.get(budi.policy))


def test_payments_of_a_policy_through_an_employer_are_refused(budi: Reader, tmp_path: Path) -> None:
    number = budi.membership.policy.number
    report = load_payments(market="id", path=payments(tmp_path, f"a,{number},,2026-01-01,5,IDR,"), by=SYSTEM)
    assert [problem.code for problem in report.errors] == ["group_policy"]


def test_papers_and_payments_stand_in_the_api_for_their_member_alone(post: Post, tmp_path: Path, paper: Path) -> None:
    budi = Member(tmp_path)
    file = given(paper, budi.membership)
    own, other = f"policies/{budi.membership.pk}", f"policies/{insured('Siti').pk}"
    (document,) = budi.get(f"{own}/documents")["documents"]
    assert (document["id"], document["kind"], document["size"]) == (str(file.pk), "rules", len(PDF))
    assert content(budi.client.get(f"/api/v1/id/{own}/documents/{file.pk}")) == PDF
    assert budi.get(f"{own}/payments") == {"payments": []}
    for address in (f"{other}/documents", f"{other}/payments", f"{own}/documents/x", f"{other}/documents/{file.pk}"):
        budi.get(address, 404)


def test_a_question_by_the_api_is_answered_like_on_the_page(post: Post, tmp_path: Path) -> None:
    budi = Member(tmp_path)

    def asked(words: str, status: int = 200) -> Any:
        response = budi.client.post("/api/v1/id/cover/search", {"words": words}, content_type="application/json")
        assert response.status_code == status
        return response.json()

    (found, *_others) = asked("tothache")["found"]
    assert (found["benefit"], found["verdict"], found["title"]) == ("teeth", "covered", "You are covered")
    assert asked("xqzw")["found"] == []
    assert "Try another word" in asked("xqzw")["message"]
    assert asked("  ", 422)["errors"][0]["field"] == "words"
