"""The explanation of benefits, the acknowledgement and the yearly statement: sums, reasons, digests, tags."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader

from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.lib.documents.pdf import make_pdf
from mypolis.insurance.claims.lifecycle.deciding import decide
from mypolis.insurance.claims.lifecycle.following import appeal
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.models import Claim, DecidedLine
from mypolis.insurance.claims.pages.explanation import explanation_of
from mypolis.insurance.claims.pages.papers import (
    ACKNOWLEDGEMENT,
    EXPLANATION,
    STATEMENT,
    acknowledgement_values,
    explanation_values,
    statement_values,
)
from mypolis.insurance.claims.pages.statement import statement_of, years_of
from mypolis.insurance.claims.presenters import shown
from mypolis.membership.accounts.models import Account
from tests.claims.pages.reading import CORE, Reader, appeal_over, decided, page_words, rejected, returned, verdict
from tests.claims.world import actor, complete, draft, reread, sent, today


def words(response: Any) -> str:
    """The text of a PDF that a browser may show but not keep."""
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Cache-Control"] == "no-store"
    document = PdfReader(BytesIO(response.content))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.trailer["/Root"]["/Lang"]
    assert document.metadata is not None
    assert document.metadata.title
    text = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    return text.replace("\u200b", "").replace("\u00a0", " ")


@pytest.fixture
def reader(budi: Account) -> Reader:
    return Reader(budi)


def test_before_a_decision_there_is_nothing_to_explain(budi: Account, reader: Reader) -> None:
    claim = sent(budi)
    for page in ("explanation/", "explanation.pdf"):
        response = reader.get(reader.address(claim, page))
        assert response.status_code == 409
        assert "This is not possible now" in page_words(response)


def test_the_explanation_says_every_sum_why_by_which_plan_and_how_to_appeal(budi: Account, reader: Reader) -> None:
    claim = decided(budi)
    page = reader.read(reader.address(claim, "explanation/"))
    for said in (
        "Billed IDR 150",
        "We pay IDR 100",
        "You pay IDR 50",
        "The limit for a visit was reached. (IDR 50)",
        "Plan “Gold”, version 1, in force from 1 January 2020",
        "About Doctor.",
        "If you disagree, you can appeal until",
    ):
        assert said in page, said


def test_the_reason_of_each_cut_is_told_with_its_facts(budi: Account, reader: Reader) -> None:
    claim = decided(budi)
    cut = {"code": "copayment", "amount": "50.00", "facts": {"percent": "20", "cap": "50", "currency": "IDR"}}
    DecidedLine.objects.update(cuts=[cut])
    page = reader.read(reader.address(claim, "explanation/"))
    assert "You pay 20% of a bill yourself, at most IDR 50." in page


def test_the_explanation_on_paper_has_the_same_sums_and_words(budi: Account, reader: Reader) -> None:
    claim = decided(budi)
    text = words(reader.get(reader.address(claim, "explanation.pdf")))
    for said in (claim.number, "IDR 150", "IDR 100", "IDR 50", "The limit for a visit was reached", "Budi Santoso"):
        assert said in text, said


def test_after_an_appeal_the_decision_that_holds_is_explained(budi: Account, reader: Reader) -> None:
    claim = decided(budi)
    decide(claim=claim, verdict=verdict(claim, "120", "partly_approved", key="d2"), by=CORE)
    assert "We pay IDR 120" in reader.read(reader.address(reread(claim), "explanation/"))


def test_the_explanation_says_why_one_cannot_appeal_now(budi: Account, reader: Reader) -> None:
    over, came_back, appealed = appeal_over(decided(budi)), returned(budi), decided(budi)
    appeal(account=budi, claim=appealed.pk, text="Please look again.", by=actor(budi))
    for claim, said in (
        (over, "The time for an appeal ended on"),
        (came_back, "once you have chosen another account"),
        (appealed, "You have appealed this decision already."),
    ):
        assert said in reader.read(reader.address(claim, "explanation/"))


def test_the_acknowledgement_lists_each_file_with_digest_and_size(budi: Account, reader: Reader) -> None:
    claim = sent(budi)
    file = ReceivedFile.objects.of(claim).get()
    text = words(reader.get(reader.address(claim, "acknowledgement.pdf")))
    assert file.sha256 in text.replace(" ", "")
    for said in (claim.number, f"{file.size} bytes", "receipt.jpg", "Klinik Melati"):
        assert said in text, said


def test_the_statement_adds_up_what_was_sent_in_a_year(budi: Account, reader: Reader, siti: Account) -> None:
    year = today(budi).year
    address = f"/id/claims/statement/{year}.pdf"
    draft(budi)
    assert reader.get(address).status_code == 404
    assert "Yearly statements" not in reader.read("/id/claims/")
    claims = [decided(budi), rejected(budi), sent(budi)]
    other = sent(siti)
    text = words(reader.get(address))
    for claim in claims:
        assert claim.number in text
    assert other.number not in text
    for said in ("IDR 100", "IDR 200", f"Your claims in {year}"):
        assert said in text, said
    for other_year in (year - 1, 0, 10_000, 10**20):
        assert reader.get(f"/id/claims/statement/{other_year}.pdf").status_code == 404
    assert f"Your claims in {year}" in reader.read("/id/claims/")


def test_a_claim_of_new_years_night_is_in_the_statement_of_the_markets_year(budi: Account) -> None:
    year, claim = today(budi).year, sent(budi)
    new_year = datetime(year, 1, 1, 0, 30, tzinfo=budi.profile.zone)  # in UTC, the evening before
    Claim.objects.filter(pk=claim.pk).update(sent_at=new_year)
    assert years_of(budi) == [year]
    assert [len(statement_of(budi, one)) for one in (year - 1, year)] == [0, 1]


@pytest.mark.parametrize("language", ["id", "en"])
def test_papers_speak_the_members_language(budi: Account, language: str) -> None:
    claim = decided(budi)
    text = words(Reader(budi, language).get(f"/id/claims/{claim.pk}/explanation.pdf"))
    assert {"id": "Rincian keputusan klaim", "en": "Explanation of benefits"}[language] in text


@pytest.mark.parametrize("language", ["sr-latn", "sr-cyrl", "ru"])
def test_papers_can_be_written_in_both_scripts(budi: Account, language: str) -> None:
    claim = decided(budi)
    with translation.override(language):
        one = shown([claim], budi)[0]
        explained = explanation_of(one)
        assert explained is not None
        year = today(budi).year
        for template, values in (
            (EXPLANATION, explanation_values(explained)),
            (ACKNOWLEDGEMENT, acknowledgement_values(one)),
            (STATEMENT, statement_values(budi, year, statement_of(budi, year))),
        ):
            document = PdfReader(BytesIO(make_pdf(template, values)))
            assert document.metadata is not None
            assert document.metadata.title == values["title"]
            assert document.trailer["/Root"]["/Lang"] == language.partition("-")[0]


def test_a_name_of_any_script_and_length_prevents_no_paper(budi: Account, reader: Reader) -> None:
    claim = complete(budi)
    Claim.objects.filter(pk=claim.pk).update(provider="Клиника 診療所 " + "x" * 180)
    submit(account=budi, claim=claim.pk, by=actor(budi))
    printed = words(reader.get(reader.address(claim, "acknowledgement.pdf")))
    assert reread(claim).number in printed
    assert "Клиника" in printed
    assert printed.replace(" ", "").count("x") >= 180
