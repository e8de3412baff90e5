"""Forms that a careful colleague would never send, and what changes between two of their clicks."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.insurance.bank_accounts.flows import remove
from mypolis.insurance.claims.drafts.flows import MOST_LINES
from mypolis.insurance.claims.file_checks import checked
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from tests.claims.app import App
from tests.claims.desk.pages import Assessor, assessor, words
from tests.claims.entering.entry_pages import ILLNESS, address, assert_refused, enters, opened, typed
from tests.claims.world import reread
from tests.journeys.test_races import at_once
from tests.test_query_counts import asked

_HOSTILE = "../<script>alert(1)</script>\u202egpj.exe"


# What is typed


@pytest.mark.parametrize("field", ["key", "came_by", "provider", "bill1_number", "bill1_amount", "bills", "pay_to"])
def test_a_null_character_is_refused_with_a_sentence(budi: Account, olga: Assessor, field: str) -> None:
    fields = {**opened(olga, budi), **typed(budi)}
    fields[field] = f"{fields.get(field, '1')}\0"
    answer = olga.browser.post(address(budi.person), fields)
    assert answer.status_code in (302, 400, 404, 422)
    if answer.status_code == 422:
        assert ILLNESS in answer.content.decode()


@pytest.mark.parametrize("number", ["'", "x" * 4_000])
def test_a_number_in_the_address_that_nobody_has_says_nothing(budi: Account, olga: Assessor, number: str) -> None:
    answer = olga.browser.get(address(budi.person), {"number": number})
    assert answer.status_code == 200
    assert "is entered" not in words(answer)


def test_a_hostile_file_name_is_only_a_name(budi: Account, olga: Assessor) -> None:
    answer = enters(olga, budi, provider="", paper_receipt=SimpleUploadedFile(_HOSTILE, b"scan"))
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert "\u202e" not in answer.content.decode()
    name = ReceivedFile.objects.get().name
    assert "/" not in name
    assert name.isprintable()


def test_of_eleven_scans_one_is_named_and_ten_are_kept(budi: Account, olga: Assessor) -> None:
    scans = [SimpleUploadedFile(f"{page}.jpg", b"scan %d" % page) for page in range(11)]
    answer = enters(olga, budi, paper_receipt=scans)
    assert_refused(answer, "10.jpg: ")
    assert ReceivedFile.objects.count() == 10


def test_fifty_bills_are_one_change_and_take_as_many_statements_as_two(budi: Account, olga: Assessor) -> None:
    def bills(most: int) -> dict[str, str]:
        return {f"bill{place}_amount": str(place) for place in range(1, most + 1)}

    with asked() as few:
        assert enters(olga, budi, **bills(2)).status_code == 302
    saved = Event.objects.filter(kind="claim.saved")
    of_two = saved.count()
    with asked() as many:
        assert enters(olga, budi, bills=str(MOST_LINES), **bills(MOST_LINES)).status_code == 302
    lines = Claim.objects.latest("created_at").lines.order_by("place")
    assert [line.amount for line in lines] == [Decimal(place) for place in range(1, MOST_LINES + 1)]
    assert [line.place for line in lines] == list(range(MOST_LINES))
    assert saved.count() == 2 * of_two
    assert len(many) <= len(few) + 2, "\n".join(many.statements)


# What changes between two clicks


def test_a_bank_account_that_the_member_removed_meanwhile_costs_nothing_that_was_typed(
    budi: Account, olga: Assessor
) -> None:
    fields = {**opened(olga, budi), **typed(budi)}
    remove(account=budi, key=budi.bank_accounts.get().pk, by=SYSTEM)
    answer = olga.browser.post(address(budi.person), fields)
    assert_refused(answer, "We know no bank account of this person")
    assert ILLNESS in answer.content.decode()
    assert "scan.jpg" in words(answer)


def test_who_became_family_meanwhile_enters_nothing(budi: Account, olga: Assessor) -> None:
    fields = {**opened(olga, budi), **typed(budi, provider="")}
    olga.browser.post(address(budi.person), fields)
    enter_relation(staff=olga.colleague.account.pk, person=budi.person, by=SYSTEM)
    answer = olga.browser.post(address(budi.person), {**fields, "provider": "Klinik Melati"})
    assert_refused(answer, "your own data or your family’s")


def test_who_is_an_operator_no_more_finds_no_page(budi: Account, olga: Assessor) -> None:
    fields = {**opened(olga, budi), **typed(budi)}
    olga.colleague.account.roles.all().delete()
    assert olga.browser.post(address(budi.person), fields).status_code in (302, 403, 404)
    assert not Claim.objects.exists()


# Who sees what is half entered


def test_a_half_entered_claim_is_in_no_list_of_the_member_or_the_desk(budi: Account, olga: Assessor) -> None:
    enters(olga, budi, provider="")
    half = Claim.objects.get()
    app = App(budi)
    assert app.get("claims").json()["claims"] == []
    assert app.get(f"claims/{half.pk}").status_code == 404
    rina = assessor("Rina")
    for page in ("/desk/id/", "/desk/id/claims/", f"/desk/id/people/{budi.person.pk}/"):
        text = words(rina.browser.get(page))
        assert str(half.pk) not in text
        assert ILLNESS not in text


@pytest.mark.django_db(transaction=True)
def test_a_double_click_enters_one_claim_with_each_scan_once(budi: Account, olga: Assessor) -> None:
    fields = opened(olga, budi)

    def sent() -> int:
        return olga.browser.post(address(budi.person), {**fields, **typed(budi)}).status_code

    assert at_once(sent, sent) == [302, 302]
    claim = Claim.objects.get()
    assert (claim.state, claim.lines.count()) == ("submitted", 1)
    assert ReceivedFile.objects.of(claim).count() == 1
    assert Event.objects.filter(kind="claim.entered").count() == 1


# Scans that turn out to be no pictures


def _is_refused(file: ReceivedFile) -> None:
    file.state, file.reason = ReceivedState.REFUSED, "damaged"
    file.save(update_fields=["state", "reason"])
    checked(received=file, codes=(), by=SYSTEM)


def test_a_scan_that_is_refused_before_sending_is_named_and_asked_for_again(budi: Account, olga: Assessor) -> None:
    fields = {**opened(olga, budi), **typed(budi, provider="")}
    olga.browser.post(address(budi.person), fields)
    _is_refused(ReceivedFile.objects.get())
    del fields["paper_receipt"]
    answer = olga.browser.post(address(budi.person), {**fields, "provider": "Klinik Melati"})
    assert_refused(answer, "Add a photo or PDF of: Receipt")
    assert "Not accepted" in words(answer)


def test_a_scan_that_is_refused_after_sending_becomes_a_question_to_the_member(budi: Account, olga: Assessor) -> None:
    enters(olga, budi)
    claim = Claim.objects.get()
    _is_refused(ReceivedFile.objects.of(claim).get())
    assert reread(claim).state == State.WAITING
    assert [question.document for question in claim.questions.all()] == ["receipt"]
