"""The list of claims and the page of one: where it is, what comes next, and nothing of anybody else."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format

from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims.as_json.documents import file_document
from mypolis.insurance.claims.lifecycle.asking import NewQuestion
from mypolis.insurance.claims.lifecycle.duplicates import close_as_duplicate
from mypolis.insurance.claims.lifecycle.following import appeal, withdraw
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.pages.claim_list import MOST
from mypolis.insurance.claims.pages.headlines import headline, is_grave
from mypolis.insurance.claims.presenters import shown
from mypolis.insurance.coverage.plan_books.vocabulary import BenefitType
from mypolis.membership.accounts.models import Account
from tests.claims.owned import PICTURE, PREVIEW, clean_file
from tests.claims.pages.reading import CORE, Reader, decided, paid, questioned, rejected, returned
from tests.claims.world import actor, complete, draft, paper, sent
from tests.test_query_counts import asked


@pytest.fixture
def reader(budi: Account) -> Reader:
    return Reader(budi)


PAGES = (
    "",
    "acknowledgement.pdf",
    "explanation/",
    "explanation.pdf",
    "withdraw/",
    "appeal/",
    "account/",
    f"files/{uuid4()}/",
)


def test_a_stranger_is_led_to_sign_in(client: Client, budi: Account) -> None:
    claim = sent(budi)
    for address in ("/id/claims/", *(f"/id/claims/{claim.pk}/{page}" for page in PAGES)):
        assert client.get(address)["Location"] == "/id/signin/"


def test_what_is_not_the_members_own_is_not_found(budi: Account, siti: Account) -> None:
    reader = Reader(siti)
    for claim in (decided(budi), draft(budi)):
        for page in PAGES:
            assert reader.get(reader.address(claim, page)).status_code == 404, page
        for page in ("answers/", "withdraw/", "appeal/", "account/", "again/", "clinic-bill/"):
            assert reader.post(reader.address(claim, page)).status_code == 404, page
    assert reader.get(f"/id/claims/{uuid4()}/").status_code == 404
    assert "No claims yet" in reader.read("/id/claims/")


def test_a_draft_leads_to_its_pages_and_has_no_others(budi: Account, reader: Reader) -> None:
    begun = draft(budi)
    assert reader.get(reader.address(begun))["Location"] == reader.address(begun, "documents/")
    ready = complete(budi)
    assert reader.get(reader.address(ready))["Location"] == reader.address(ready, "review/")
    for page in ("explanation/", "acknowledgement.pdf", "withdraw/", "appeal/", "account/"):
        assert reader.get(reader.address(begun, page)).status_code == 404


def test_without_claims_the_list_says_what_to_do(reader: Reader) -> None:
    page = reader.read("/id/claims/")
    assert "No claims yet" in page
    assert "take a photo of the bill" in page
    assert 'href="/id/claims/new/"' in reader.get("/id/claims/").content.decode()


def test_the_list_shows_what_waits_for_the_member_first_then_drafts_then_what_is_over(
    budi: Account, reader: Reader
) -> None:
    over, waits, begun, open_one = rejected(budi), questioned(budi), draft(budi), sent(budi)
    html = reader.get("/id/claims/").content.decode()
    places = [html.index(str(claim.pk)) for claim in (waits, open_one, begun, over)]
    assert places == sorted(places)
    page = reader.read("/id/claims/")
    day = date_format(waits.answer_by, "j F Y") if waits.answer_by else ""
    assert f"Please answer our questions by {day}." in page
    for words in ("Open", "Not sent yet", "Closed", "Waiting for you", "Rejected", "Draft"):
        assert words in page


def test_a_long_list_comes_in_pages_without_a_gap_or_a_repetition(budi: Account, reader: Reader) -> None:
    claims = {str(draft(budi).pk) for _number in range(MOST - 1)}
    claims |= {str(claim.pk) for claim in (rejected(budi), sent(budi), questioned(budi))}
    found: list[str] = []
    address = "/id/claims/"
    while address:
        html = reader.get(address).content.decode()
        found += re.findall(r'href="/id/claims/([0-9a-f-]{36})/"', html)
        more = re.search(r'href="(/id/claims/\?after=[^"]+)"', html)
        address = more[1] if more else ""
    assert sorted(found) == sorted(claims)
    assert reader.get("/id/claims/?after=nonsense&whose=x").status_code == 200


def test_the_queries_of_the_list_do_not_grow_with_the_claims(budi: Account, reader: Reader) -> None:
    decided(budi)
    with asked() as few:
        reader.get("/id/claims/")
    for _number in range(4):
        decided(budi)
        questioned(budi)
        draft(budi)
    with asked() as many:
        reader.get("/id/claims/")
    assert len(many) <= len(few) + 1
    assert len(many) <= 30


def test_the_queries_of_a_claim_are_few(budi: Account, reader: Reader) -> None:
    claim = decided(budi)
    with asked() as found:
        reader.get(reader.address(claim))
    assert len(found) <= 34, found.statements


def test_a_sent_claim_says_first_where_it_is_and_by_when(budi: Account, reader: Reader) -> None:
    claim = sent(budi)
    page = reader.read(reader.address(claim))
    assert claim.promised_by is not None
    day = date_format(claim.promised_by, "j F Y")
    assert f"Received We decide, by {day} at the latest." in page
    assert "If we approve the claim, we pay within 30 days." in page
    assert claim.number in page
    assert "Keep the original receipts" in page
    assert "Withdraw the claim" in page


def test_after_the_promised_day_we_say_that_we_are_late(budi: Account, reader: Reader) -> None:
    claim = sent(budi)
    yesterday = claim.profile.today() - timedelta(days=1)
    Claim.objects.filter(pk=claim.pk).update(promised_by=yesterday)
    page = reader.read(reader.address(claim))
    assert f"we had promised it by {date_format(yesterday, 'j F Y')}" in page
    assert "We are late, and we are sorry." in page
    assert "at the latest" not in page


@pytest.mark.parametrize("language", ["sr-latn", "sr-cyrl", "ru", "id", "en"])
def test_a_sentence_that_ends_with_a_day_has_one_full_stop(budi: Account, language: str) -> None:
    claims = shown([sent(budi), questioned(budi), rejected(budi), paid(budi), decided(budi)], budi)
    with translation.override(language):
        said = [headline(one).text for one in claims]
    assert [text for text in said if ".." in text] == []


def test_while_we_wait_for_the_member_the_page_says_that_the_clock_is_paused(budi: Account, reader: Reader) -> None:
    claim = questioned(budi)
    page = reader.read(reader.address(claim))
    assert "We need something from you" in page
    assert f"Our deadline is paused while we wait for you. {claim.promise_left} working days are left." in page
    assert "What was the visit for?" in page


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_state_has_a_page(budi: Account, language: str) -> None:
    reader = Reader(budi, language)
    withdrawn = withdraw(account=budi, claim=sent(budi).pk, by=actor(budi))
    appealed = appeal(account=budi, claim=decided(budi).pk, text="No.", by=actor(budi))
    unscanned = sent(budi, files="checking")
    claims = [paid(budi), returned(budi), rejected(budi), withdrawn, appealed, unscanned, questioned(budi), sent(budi)]
    assert len({claim.state for claim in claims}) == len(claims)
    for claim in claims:
        assert claim.number in reader.read(reader.address(claim))


def test_what_was_paid_leads_the_page(budi: Account, reader: Reader) -> None:
    assert "We paid IDR 100" in reader.read(reader.address(paid(budi)))
    page = reader.read(reader.address(rejected(budi)))
    assert "We could not approve this claim" in page
    assert "Appeal" in page


def test_after_a_death_a_claim_is_never_bright_green(budi: Account) -> None:
    (one,) = shown([paid(budi)], budi)
    assert (headline(one).kind, is_grave(one)) == ("good", False)
    assert one.plan is not None
    benefits = tuple(benefit.model_copy(update={"type": BenefitType.LIFE}) for benefit in one.plan.benefits)
    grave = replace(one, plan=one.plan.model_copy(update={"benefits": benefits}))
    assert (headline(grave).kind, is_grave(grave)) == ("info", True)


def test_a_file_is_served_only_when_it_is_clean(budi: Account, reader: Reader) -> None:
    claim = sent(budi, files="checking")
    page = reader.read(reader.address(claim))
    assert "Being checked" in page
    key = ReceivedFile.objects.of(claim).get().pk
    for rest in ("", "?full=1"):
        assert reader.get(reader.address(claim, f"files/{key}/{rest}")).status_code == 404


def test_a_clean_file_has_a_preview_and_opens_as_it_was_cleaned_never_as_received(
    budi: Account, siti: Account, reader: Reader
) -> None:
    claim = sent(budi)
    file = clean_file(claim)
    address = reader.address(claim, f"files/{file.pk}/")
    assert f'src="{address}"' in reader.get(reader.address(claim)).content.decode()
    assert reader.get(address).content == PREVIEW
    assert reader.get(f"{address}?page=x").content == PREVIEW
    assert reader.get(f"{address}?page=2").status_code == 404
    assert b"".join(reader.get(f"{address}?full=1").streaming_content) == PICTURE
    for rest in ("", "?full=1"):
        assert Reader(siti).get(f"{address}{rest}").status_code == 404
        assert reader.get(f"{reader.address(sent(budi))}files/{file.pk}/{rest}").status_code == 404


def test_the_words_of_a_question_are_not_markup(budi: Account, reader: Reader) -> None:
    claim = questioned(budi, NewQuestion(id="q", text="<b>Why</b>?"))
    assert "&lt;b&gt;Why&lt;/b&gt;" in reader.get(reader.address(claim)).content.decode()


def test_the_home_page_shows_open_claims_and_what_waits(budi: Account, reader: Reader) -> None:
    assert "Your claims" not in reader.read("/id/home/")
    claim = questioned(budi)
    assert "Your claims" not in reader.read("/id/home/")  # it is a task already
    other = sent(budi)
    page = reader.read("/id/home/")
    assert other.number in page.partition("Your claims")[2]
    assert f"Claim {claim.number} Please answer our questions by" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "This PDF is protected with a password. Save a copy without a password"),
        ("id", "PDF ini dilindungi password."),
    ],
)
def test_a_refused_file_says_why_and_what_to_do_in_the_language_of_the_reader(
    budi: Account, language: str, words: str
) -> None:
    claim = sent(budi)
    file = paper(claim, content=b"locked", state="refused")
    ReceivedFile.objects.filter(pk=file.pk).update(reason="encrypted_pdf")
    reader = Reader(budi, language)
    assert words in reader.read(reader.address(claim))
    with translation.override(language):
        found = next(one for one in shown([claim], budi)[0].files if one.pk == file.pk)
        document = file_document(found)
    assert document["reason"] == "encrypted_pdf"
    assert document["reason_text"].startswith(words)


def test_where_nothing_will_be_paid_no_account_is_named(budi: Account, reader: Reader) -> None:
    assert "Payment Account" in reader.read(reader.address(sent(budi)))
    for claim in (rejected(budi), withdraw(account=budi, claim=sent(budi).pk, by=actor(budi))):
        assert "Payment Account" not in reader.read(reader.address(claim)), claim.state
    assert "Payment Amount" in reader.read(reader.address(paid(budi)))


def test_a_duplicate_leads_to_the_claim_that_goes_on(budi: Account, siti: Account, reader: Reader) -> None:
    first, second = sent(budi), sent(budi, content=b"again")
    close_as_duplicate(claim=second, of=first, by=CORE)
    link = f'href="{reader.address(first)}"'
    assert link in reader.get(reader.address(second)).content.decode()
    Claim.objects.filter(pk=second.pk).update(related=sent(siti))
    assert "Look at that claim" not in reader.read(reader.address(second))
