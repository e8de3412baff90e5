"""The page of papers: files with and without script, what is wrong with them, and bills from codes on receipts."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.insurance.claims.drafts.uploads import MOST_BYTES, MOST_BYTES_OF_DRAFTS, MOST_FILES, TARGET
from mypolis.insurance.claims.file_checks import checked
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads.errors import NoSuchTarget, NotAccepted
from tests.claims.drafts.desk import Desk
from tests.claims.world import actor, bill, changed, draft, paper, reread, sent, today


def photo(content: bytes = b"a photo", name: str = "IMG_1.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def code(account: Account, amount: str = "3850.00", days_ago: int = 2, kind: int = 1) -> str:
    """The code of a Russian receipt."""
    day = today(account) - timedelta(days=days_ago)
    return f"t={day:%Y%m%d}T1041&s={amount}&fn=9960440300000001&i=12345&fp=3522207165&n={kind}"


def clean(file: ReceivedFile, *codes: str) -> None:
    """Report a clean file, as the check does."""
    file.state = ReceivedState.CLEAN
    file.save(update_fields=["state"])
    checked(received=file, codes=codes, by=SYSTEM)


def test_nobody_uploads_for_somebody_elses_claim(budi: Account, siti: Account) -> None:
    claim = draft(budi)
    for wrong in (str(claim.pk), str(uuid4()), "x", ""):
        with pytest.raises(NoSuchTarget):
            TARGET.find(siti, {"claim": wrong, "document": "receipt"}, actor(siti))


@pytest.mark.parametrize("kind", ["passport", "", "../receipt"])
def test_a_paper_that_nobody_asks_for_is_not_taken(budi: Account, kind: str) -> None:
    with pytest.raises(NotAccepted):
        TARGET.find(budi, {"claim": str(draft(budi).pk), "document": kind}, actor(budi))


def test_a_sent_claim_takes_files_only_while_it_waits_for_the_member(budi: Account) -> None:
    claim = sent(budi)
    wanted = {"claim": str(claim.pk), "document": "receipt"}
    with pytest.raises(NotAccepted):
        TARGET.find(budi, wanted, actor(budi))
    Claim.objects.filter(pk=claim.pk).update(state=State.WAITING)
    assert TARGET.find(budi, wanted, actor(budi)) == claim
    with pytest.raises(NotAccepted):
        TARGET.remove(budi, ReceivedFile.objects.of(claim).get(), actor(budi))


def test_a_claim_has_a_bounded_number_of_files(budi: Account) -> None:
    claim = draft(budi)
    for number in range(MOST_FILES):
        paper(claim, content=str(number).encode())
    with pytest.raises(NotAccepted):
        TARGET.find(budi, {"claim": str(claim.pk), "document": "receipt"}, actor(budi))


def test_the_files_of_a_claim_have_a_bounded_size(budi: Account) -> None:
    claim, wanted = draft(budi), {"document": "receipt"}
    held(paper(claim), MOST_BYTES)
    with pytest.raises(NotAccepted, match="this claim"):
        TARGET.find(budi, {**wanted, "claim": str(claim.pk)}, actor(budi))
    assert TARGET.find(budi, {**wanted, "claim": str(draft(budi).pk)}, actor(budi))


def test_the_files_of_all_drafts_of_a_member_have_a_bounded_size(budi: Account, siti: Account) -> None:
    one, other, hers = draft(budi), draft(budi), draft(siti)
    held(paper(one), MOST_BYTES_OF_DRAFTS)
    with pytest.raises(NotAccepted, match="drafts"):
        TARGET.find(budi, {"claim": str(other.pk), "document": "receipt"}, actor(budi))
    assert TARGET.find(siti, {"claim": str(hers.pk), "document": "receipt"}, actor(siti))


def held(file: ReceivedFile, size: int) -> None:
    """Let a file be as large as this."""
    file.size = size
    file.save(update_fields=["size"])


def test_a_form_without_script_brings_files_and_goes_on(budi: Account) -> None:
    claim, desk = draft(budi), Desk(budi)
    desk.open(claim, "documents/")
    answer = desk.send(claim, "documents/", receipt=[photo(b"one"), photo(b"two")], other=photo(b"three"))
    assert answer["location"] == f"/id/claims/{claim.pk}/bills/"
    kinds = ReceivedFile.objects.of(claim).order_by("received_at").values_list("kind", flat=True)
    assert sorted(kinds) == ["other", "receipt", "receipt"]
    assert reread(claim).version > claim.version
    desk.open(claim, "documents/")
    assert desk.text.count("Being checked") == 3


def test_the_same_file_twice_is_one_file(budi: Account) -> None:
    claim, desk = draft(budi), Desk(budi)
    for _time in range(2):
        desk.open(claim, "documents/")
        desk.send(claim, "documents/", receipt=photo())
    assert ReceivedFile.objects.of(claim).count() == 1


def test_an_empty_file_is_named_beside_its_paper(budi: Account) -> None:
    claim, desk = draft(budi), Desk(budi)
    desk.open(claim, "documents/")
    desk.page = desk.send(claim, "documents/", receipt=photo(b""), other=photo(b"good"))
    assert desk.page.status_code == 422
    assert "This file is empty" in desk.text
    assert [file.kind for file in ReceivedFile.objects.of(claim)] == ["other"]


def test_without_the_token_nothing_is_taken(budi: Account) -> None:
    claim, desk = draft(budi), Desk(budi)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.client.cookies
    assert strict.post(desk.address(claim, "documents/"), {"receipt": photo()}).status_code == 403
    assert ReceivedFile.objects.of(claim).count() == 0


def test_a_refused_file_says_what_to_do_and_can_be_removed(budi: Account) -> None:
    claim, desk = draft(budi), Desk(budi)
    file = paper(claim, state="refused")
    ReceivedFile.objects.filter(pk=file.pk).update(reason="encrypted_pdf")
    desk.open(claim, "documents/")
    assert "protected with a password" in desk.text
    for _time in range(2):
        removed = desk.client.post(desk.address(claim, f"documents/{file.pk}/remove/"))
        assert removed["location"] == f"/id/claims/{claim.pk}/documents/"
    assert ReceivedFile.objects.of(claim).count() == 0


def test_the_same_file_in_another_claim_is_pointed_out_but_not_a_strangers(budi: Account, siti: Account) -> None:
    theirs, earlier, claim = draft(siti), draft(budi), draft(budi)
    paper(theirs, content=b"theirs")
    paper(earlier, content=b"mine")
    paper(claim, content=b"theirs")
    desk = Desk(budi)
    desk.open(claim, "documents/")
    assert "to another claim" not in desk.text
    paper(claim, content=b"mine")
    desk.open(claim, "documents/")
    assert f"/id/claims/{earlier.pk}/" in desk.page.content.decode()


def test_the_code_of_a_receipt_suggests_the_bill_and_the_day(budi: Account) -> None:
    claim, desk = draft(budi), Desk(budi)
    clean(paper(claim), code(budi), "https://example.test/", "x" * 5000)
    line = claim.lines.get()
    assert (line.amount, line.currency, line.read_from) == (Decimal("3850.00"), "RUB", "code")
    desk.open(claim, "bills/")
    assert "We read the day from your receipt" in desk.text
    assert "We read this from the code" in desk.text
    assert desk.fields["was-treated_on"] == ""
    desk.send(claim, "bills/")
    assert reread(claim).treated_on == line.date


def test_a_code_overwrites_nothing_that_was_typed(budi: Account) -> None:
    typed = bill(budi, "3850.00", days_ago=5, currency="RUB")
    claim = changed(budi, draft(budi), lines=[typed])
    for _time in range(2):
        clean(paper(claim), code(budi))
    line = claim.lines.get()
    assert (line.date, line.read_from) == (typed.date, "typed")


def test_a_day_that_nobody_typed_comes_from_the_code(budi: Account) -> None:
    claim = changed(budi, draft(budi), lines=[replace(bill(budi, "3850.00"), date=None)])
    clean(paper(claim), code(budi))
    assert claim.lines.get().date == today(budi) - timedelta(days=2)


def test_refunds_and_days_to_come_suggest_nothing(budi: Account) -> None:
    claim = draft(budi)
    clean(paper(claim), code(budi, kind=2), code(budi, days_ago=-3), code(budi, amount="0.00"))
    assert claim.lines.count() == 0


def test_a_code_on_a_paper_of_a_sent_claim_changes_nothing(budi: Account) -> None:
    claim = sent(budi, files="checking")
    before = claim.lines.count()
    clean(ReceivedFile.objects.of(claim).get(), code(budi))
    assert claim.lines.count() == before


def test_a_file_that_other_claims_have_names_the_newest_of_them(budi: Account, siti: Account) -> None:
    older, newer, theirs, claim = sent(budi), sent(budi), sent(siti), draft(budi)
    for one in (older, newer, theirs, claim):
        paper(one, content=b"the same bytes")
    desk = Desk(budi)
    desk.open(claim, "documents/")
    assert "You have added the same file to another claim." in desk.text
    html = desk.page.content.decode()
    assert [f'href="/id/claims/{one.pk}/"' in html for one in (older, newer, theirs)] == [False, True, False]
