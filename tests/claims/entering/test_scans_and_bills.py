"""What a colleague gave is kept: scans after an error, many bills; and entering has a limit of its own."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.guards.flows import left, spend
from mypolis.insurance.claims.access import UnknownClaim, claims_of, find
from mypolis.insurance.claims.drafts.flows import MOST_LINES
from mypolis.insurance.claims.entering.kept import KEPT
from mypolis.insurance.claims.jobs import delete_given_up
from mypolis.insurance.claims.limits import CLAIMS_ENTERED, CLAIMS_STARTED
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.claims.desk.pages import Assessor, assessor, words
from tests.claims.entering.entry_pages import ILLNESS, address, assert_refused, enters, opened, typed
from tests.claims.world import reread
from tests.post import Post

_BILL = {"amount": "150", "currency": "IDR"}


# The scans


def test_after_an_error_the_scans_are_still_there_and_go_with_the_claim(budi: Account, olga: Assessor) -> None:
    fields = {**opened(olga, budi), **typed(budi, provider="")}
    assert "scan.jpg" in words(olga.browser.post(address(budi.person), fields))
    corrected = {**fields, "provider": "Klinik Melati"}
    del corrected["paper_receipt"]
    assert olga.browser.post(address(budi.person), corrected).status_code == 302
    assert [file.name for file in ReceivedFile.objects.of(Claim.objects.get())] == ["scan.jpg"]


def test_a_scan_that_cannot_be_kept_is_named_and_the_others_stay(budi: Account, olga: Assessor) -> None:
    good, empty = SimpleUploadedFile("good.jpg", b"scan"), SimpleUploadedFile("empty.jpg", b"")
    answer = enters(olga, budi, paper_receipt=[empty, good])
    assert_refused(answer, "empty.jpg: ")
    assert [file.name for file in ReceivedFile.objects.all()] == ["good.jpg"]


def test_a_scan_is_removed_with_a_button_and_what_was_typed_stays(budi: Account, olga: Assessor) -> None:
    fields = {**opened(olga, budi), **typed(budi, provider="")}
    olga.browser.post(address(budi.person), fields)
    del fields["paper_receipt"]
    answer = olga.browser.post(address(budi.person), {**fields, "remove": str(ReceivedFile.objects.get().pk)})
    assert answer.status_code == 200
    assert ILLNESS in answer.content.decode()
    assert "scan.jpg" not in words(answer)
    assert not ReceivedFile.objects.exists()


def test_half_entered_claims_are_seen_by_nobody_else(budi: Account, olga: Assessor) -> None:
    key = opened(olga, budi)
    olga.browser.post(address(budi.person), {**key, **typed(budi, provider="")})
    half, file = Claim.objects.get(), ReceivedFile.objects.get()
    assert not claims_of(budi).exists()
    with pytest.raises(UnknownClaim):
        find(budi, half.pk)
    petra = assessor("Petra", "operator")
    fields = {**key, **typed(budi, provider="", paper_receipt="")}
    page = petra.browser.post(address(budi.person), fields | {"remove": str(file.pk)})
    assert "scan.jpg" not in words(page)
    assert petra.browser.post(address(budi.person), {**key, **typed(budi)}).status_code == 422
    assert list(ReceivedFile.objects.all()) == [file]
    assert reread(half).is_draft


def test_what_a_colleague_left_is_deleted_after_a_week_and_nobody_is_told(
    budi: Account, olga: Assessor, post: Post
) -> None:
    enters(olga, budi, provider="")
    half = Claim.objects.get()
    for age, is_kept in ((KEPT - timedelta(hours=1), True), (KEPT + timedelta(hours=1), False)):
        delete_given_up(budi.profile, half.touched_at + age)
        assert Claim.objects.exists() is is_kept
        assert ReceivedFile.objects.exists() is is_kept
    assert not post.to("budi@example.test")


# Many bills, and limits


def test_nine_receipts_in_one_envelope_fit_without_script(budi: Account, olga: Assessor) -> None:
    fields = {**opened(olga, budi), **typed(budi, bills="5", more="1")}
    more = olga.browser.post(address(budi.person), fields)
    assert more.status_code == 200
    assert ILLNESS in more.content.decode()
    assert "scan.jpg" in words(more)
    assert 'name="bill10_amount"' in more.content.decode()
    bills = {f"bill{place}_{name}": value for place in range(1, 10) for name, value in _BILL.items()}
    del fields["more"], fields["paper_receipt"]
    assert olga.browser.post(address(budi.person), {**fields, **bills, "bills": "10"}).status_code == 302
    assert Claim.objects.get().lines.count() == 9


def test_a_page_has_at_most_as_many_bills_as_a_claim(budi: Account, olga: Assessor) -> None:
    page = olga.browser.post(address(budi.person), {**opened(olga, budi), "bills": "999", "more": "1"})
    assert f'name="bill{MOST_LINES}_amount"' in page.content.decode()
    assert f'name="bill{MOST_LINES + 1}_amount"' not in page.content.decode()
    assert 'name="more"' not in page.content.decode()


def test_entering_spends_a_limit_of_the_colleague_and_none_of_the_member(budi: Account, olga: Assessor) -> None:
    enters(olga, budi)
    staff = str(olga.colleague.account.pk)
    assert left(CLAIMS_STARTED, str(budi.pk), market="id").left == CLAIMS_STARTED.most
    assert left(CLAIMS_ENTERED, staff, market="id").left == CLAIMS_ENTERED.most - 1


def test_over_the_limit_the_page_says_so_and_what_was_typed_stays(budi: Account, olga: Assessor) -> None:
    for _time in range(CLAIMS_ENTERED.most):
        spend(CLAIMS_ENTERED, str(olga.colleague.account.pk), market="id")
    answer = enters(olga, budi)
    assert_refused(answer, "You have entered very many claims today.")
    assert ILLNESS in answer.content.decode()
