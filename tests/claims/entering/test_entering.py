"""A colleague enters a claim that came by phone or post: the rules of a member's draft, and somebody else decides."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.bank_accounts.flows import remove
from mypolis.insurance.claims.decisions.batch import Batch
from mypolis.insurance.claims.decisions.by_rules import adjudicate_claims
from mypolis.insurance.claims.entering.flows import LONGEST_AGO
from mypolis.insurance.claims.lifecycle import clock
from mypolis.insurance.claims.lifecycle.sentences import sentence_for
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.presenters import shown
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from mypolis.membership.family.staff_relations.staff_viewings import staff_viewings_of
from tests.cast import SITI, on_file
from tests.claims.app import App
from tests.claims.desk.pages import Assessor, assessor, words
from tests.claims.entering.entry_pages import ILLNESS, address, assert_refused, entered, enters, opened, typed
from tests.claims.world import bank_account, cover, draft, reread, sent, today
from tests.post import Post
from tests.test_query_counts import asked

# What is refused


@pytest.mark.parametrize("role", ["agent", "assessor", "senior-assessor", "auditor", "editor", "administrator"])
def test_no_other_role_enters_claims(budi: Account, role: Any) -> None:
    one = assessor("Vera", role)
    assert one.browser.get(address(budi.person)).status_code == 404
    assert one.browser.post(address(budi.person), {"what": "1:doctor"}).status_code == 404


def test_nobody_enters_a_claim_for_themself(budi: Account, olga: Assessor) -> None:
    enter_relation(staff=olga.colleague.account.pk, person=budi.person, by=SYSTEM)
    answer = olga.browser.post(address(budi.person), {"what": f"{cover(budi).pk}:doctor"})
    assert_refused(answer, "your own data or your family’s")


def test_who_is_not_registered_is_invited_first(budi: Account, olga: Assessor) -> None:
    siti = on_file(SITI)
    answer = olga.browser.get(address(siti))
    assert "is not registered in the portal" in words(answer)
    assert "send an invitation" in words(answer)
    assert f"/desk/id/people/{siti.pk}/account/" in answer.content.decode()


def test_an_account_number_is_never_typed_so_without_a_known_account_nothing_is_entered(
    budi: Account, olga: Assessor
) -> None:
    remove(account=budi, key=budi.bank_accounts.get().pk, by=SYSTEM)
    page = words(olga.browser.get(address(budi.person)))
    assert "We know no bank account" in page
    assert "They confirm it with a code" in page
    assert 'name="what"' not in page


def test_the_account_of_somebody_else_is_refused(budi: Account, siti: Account, olga: Assessor) -> None:
    other = bank_account(siti, "9876543210")
    assert_refused(enters(olga, budi, pay_to=str(other.pk)), "Please choose one.")


@pytest.mark.parametrize(
    ("days_ago", "sentence"),
    [
        (-1, "This day is in the future."),
        (LONGEST_AGO.days + 1, "This is too long ago."),
        (4, "This is after the day on which the claim came."),
    ],
)
def test_a_claim_came_neither_tomorrow_nor_long_ago_nor_before_the_treatment(
    budi: Account, olga: Assessor, days_ago: int, sentence: str
) -> None:
    came_on = (today(budi) - timedelta(days=days_ago)).isoformat()
    assert_refused(enters(olga, budi, came_on=came_on), sentence)


def test_a_bill_dated_after_the_letter_is_refused(budi: Account, olga: Assessor) -> None:
    assert_refused(enters(olga, budi, bill1_date=today(budi).isoformat()), "after the day on which the claim came")


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("came_by", "Please choose one."),
        ("provider", "Fill in “Where treated”."),
        ("bill1_amount", "Add at least one bill."),
        ("paper_receipt", "Add a photo or PDF of: Receipt"),
    ],
)
def test_what_a_member_must_say_a_colleague_must_too_and_what_was_typed_stays(
    budi: Account, olga: Assessor, field: str, sentence: str
) -> None:
    answer = enters(olga, budi, **{field: ""})
    assert_refused(answer, sentence)
    assert ILLNESS in answer.content.decode()


def test_a_sum_that_can_be_read_in_two_ways_is_refused(budi: Account, olga: Assessor) -> None:
    assert_refused(enters(olga, budi, bill1_amount="150.000"), "can mean")


def test_one_round_says_everything_that_is_wrong_or_missing(budi: Account, olga: Assessor) -> None:
    answer = enters(olga, budi, came_by="", came_on="", provider="", bill2_number="B-2", paper_receipt="")
    for sentence in (
        "Please choose one.",
        "Day on which it came: please fill this in.",
        "Fill in “Where treated”.",
        "Bill 2 has no amount.",
        "Add a photo or PDF of: Receipt",
    ):
        assert_refused(answer, sentence)


def test_a_missing_bill_is_said_once_and_not_for_a_bill_that_is_only_wrong(budi: Account, olga: Assessor) -> None:
    assert "Add at least one bill." not in words(enters(olga, budi, bill1_amount="many"))


def test_the_members_own_draft_cannot_be_named(budi: Account, olga: Assessor) -> None:
    own = draft(budi)
    answer = enters(olga, budi, key=str(own.pk))
    assert answer.status_code == 422
    assert "Please begin again" in words(answer)
    kept = Claim.objects.get()
    assert (kept.pk, kept.is_draft, kept.entered_by, kept.version) == (own.pk, True, None, own.version)


def test_a_cover_of_a_stranger_cannot_be_named(budi: Account, siti: Account, olga: Assessor) -> None:
    answer = olga.browser.post(address(budi.person), {"what": f"{cover(siti).pk}:doctor", **typed(budi)})
    assert_refused(answer, "Please choose one.")


# What is entered


def test_a_letter_becomes_an_ordinary_claim_with_its_bills_and_scans(budi: Account, olga: Assessor) -> None:
    claim = entered(olga, budi, bill2_amount="75", bill2_currency="IDR", bill2_number="B-2")
    assert (claim.state, claim.account, claim.provider, claim.diagnosis) == ("received", budi, "Klinik Melati", ILLNESS)
    assert [(line.amount, line.number, line.date) for line in claim.lines.all()] == [
        (Decimal(150), "", claim.treated_on),
        (Decimal(75), "B-2", claim.treated_on),
    ]
    assert [file.name for file in ReceivedFile.objects.of(claim)] == ["scan.jpg"]
    assert claim.pay_to == budi.bank_accounts.get()
    assert (claim.came_by, claim.entered_by) == ("post", olga.colleague.account.pk)
    event = Event.objects.get(kind="claim.entered")
    assert event.actor_kind == "staff"
    assert ILLNESS not in str(event.facts)


def test_the_members_app_reads_how_and_when_it_came(budi: Account, olga: Assessor) -> None:
    claim = entered(olga, budi)
    document = App(budi).get(f"claims/{claim.pk}").json()
    assert document["entered"] == {"by": "post", "day": (today(budi) - timedelta(days=1)).isoformat()}
    assert App(budi).get(f"claims/{sent(budi).pk}").json()["entered"] is None


def test_the_promise_counts_from_the_day_on_which_the_letter_came(budi: Account, olga: Assessor) -> None:
    came_on = today(budi) - timedelta(days=9)
    claim = entered(olga, budi, came_on=came_on.isoformat(), treated_on=came_on.isoformat())
    assert claim.promised_by == clock.add_days(came_on, budi.profile.claims.decision_days, budi.profile)
    assert claim.promised_by < clock.add_days(today(budi), budi.profile.claims.decision_days, budi.profile)


def test_after_a_question_about_papers_the_promise_counts_from_the_answer(budi: Account, olga: Assessor) -> None:
    claim = entered(olga, budi)
    Claim.objects.filter(pk=claim.pk).update(promised_by=None, received_at=None)
    claim = reread(claim)
    claim.questions.create(text="?", answered_at=timezone.now())
    clock.follow(claim, claim.in_state, "runs", now=timezone.now())
    assert claim.promised_by == clock.add_days(today(budi), budi.profile.claims.decision_days, budi.profile)


def test_sending_the_form_twice_enters_one_claim(budi: Account, olga: Assessor) -> None:
    fields = {**opened(olga, budi), **typed(budi)}
    for _time in range(2):
        fields["paper_receipt"] = SimpleUploadedFile("scan.jpg", b"scan")
        assert olga.browser.post(address(budi.person), fields).status_code == 302
    assert Claim.objects.count() == 1
    assert Event.objects.filter(kind="claim.entered").count() == 1


def test_the_member_reads_how_it_came_and_gets_a_message_that_says_whom_to_call(
    budi: Account, olga: Assessor, post: Post
) -> None:
    address = {"value": "budi@example.test", "key": "budi@example.test", "exclusive": False}
    budi.contact_points.create(market="id", kind="email", confirmed_at=timezone.now(), **address)
    claim = entered(olga, budi)
    with translation.override("id"):
        said = sentence_for(claim, State.SUBMITTED, "", {"is_entered": True})
        assert shown([claim], budi)[0].timeline[0].text == said
    assert "tiba lewat pos, dan perusahaan asuransi Anda" in said
    letters = {letter.template: letter.text for letter in post.to("budi@example.test")}
    assert "claim-sent" not in letters
    assert "segera telepon kami: 1500-000" in letters["claim-entered"]
    assert ILLNESS not in letters["claim-entered"]


def test_the_colleague_reads_the_number_and_nothing_about_health_afterwards(budi: Account, olga: Assessor) -> None:
    answer = enters(olga, budi)
    claim = Claim.objects.get()
    assert answer["Location"] == f"{address(budi.person)}?number={claim.number}"
    for page in (answer["Location"], f"/desk/id/people/{budi.person.pk}/"):
        text = words(olga.browser.get(page))
        assert claim.number in text
        assert ILLNESS not in text
        assert "Klinik Melati" not in text
    assert olga.page(claim).status_code == 404


def test_the_person_sees_that_somebody_looked(budi: Account, olga: Assessor) -> None:
    olga.browser.get(address(budi.person))
    assert [view.role for view in staff_viewings_of(budi.person)] == ["operator"]


def test_who_entered_a_claim_does_not_decide_it_and_the_desk_says_how_it_came(budi: Account) -> None:
    bank_account(budi)
    both, rina = assessor("Olga", "operator", "assessor"), assessor("Rina")
    claim = entered(both, budi)
    refused = both.does(claim, "take")
    assert refused.status_code == 422
    assert "You entered this claim" in words(refused)
    rina.takes(claim)
    text = rina.text(claim)
    assert "came by post on" in text
    assert "typed by a colleague" in text
    assert "typed by the member" not in text


@pytest.mark.parametrize(("origin", "words"), [("member", "typed by the member"), ("clinic", "billed by the clinic")])
def test_the_desk_says_who_typed_a_bill_that_no_colleague_entered(budi: Account, origin: str, words: str) -> None:
    claim, rina = sent(budi), assessor("Rina")
    Claim.objects.update(origin=origin)
    rina.takes(claim)
    assert words in rina.text(claim)


def test_the_rules_alone_never_decide_what_a_colleague_entered(budi: Account, olga: Assessor) -> None:
    claim = entered(olga, budi)
    report = adjudicate_claims(market="id", numbers=[claim.number], by=SYSTEM)
    assert report.undecided == {claim.number: "for_people"}


def test_a_claim_came_in_time_if_its_letter_did(budi: Account, olga: Assessor) -> None:
    """Typing takes days; the time for sending a claim ends on the day on which the letter came."""
    filing = budi.profile.claims.filing_days
    came_on = today(budi) - timedelta(days=5)
    claim = entered(olga, budi, came_on=came_on.isoformat(), treated_on=(came_on - timedelta(days=filing)).isoformat())
    assert Batch([claim], lock=False).sent_on(claim) == came_on
    rina = assessor("Rina")
    rina.takes(claim)
    assert "reached us after the time" not in rina.text(claim)


def test_the_form_offers_no_earlier_claims(budi: Account, olga: Assessor) -> None:
    earlier = sent(budi)
    answer = olga.browser.post(address(budi.person), {"what": f"{cover(budi).pk}:birth"})
    assert earlier.number not in answer.content.decode()


def test_the_page_takes_few_statements(budi: Account, olga: Assessor) -> None:
    for fields in ({}, {"what": f"{cover(budi).pk}:doctor"}):
        with asked() as found:
            olga.browser.post(address(budi.person), fields) if fields else olga.browser.get(address(budi.person))
        assert len(found) <= 15, "\n".join(found.statements)


# What a colleague reads


def test_no_text_of_the_form_speaks_to_the_member(budi: Account, olga: Assessor) -> None:
    page = words(enters(olga, budi, provider="", bill1_amount="-5", bill2_amount="much"))
    assert "Fill in “Where treated”." in page
    assert "Bill 1: Service or item (optional)" in page
    assert "Enter a sum above zero." in page
    assert "Enter the sum in digits, for example 150000 or 150000.50." in page
    for words_for_members in ("you were", "you paid", "your own words", "More about this bill", "What it was for"):
        assert words_for_members not in page


def test_what_is_wrong_is_listed_in_the_order_of_the_page(budi: Account, olga: Assessor) -> None:
    page = words(enters(olga, budi, came_on="", provider="", bill1_amount="", paper_receipt=""))
    first = ("Day on which it came: please fill this in.", "Fill in “Where treated”.", "Add at least one bill.")
    places = [page.index(sentence) for sentence in (*first, "Add a photo or PDF of: Receipt")]
    assert places == sorted(places)


def test_what_must_be_filled_in_is_marked(budi: Account, olga: Assessor) -> None:
    answer = olga.browser.post(address(budi.person), {"what": f"{cover(budi).pk}:doctor"})
    form = answer.context["form"]
    marked = {name for name, field in form.fields.items() if field.required}
    assert marked == {"came_by", "came_on", "key", "treated_on", "provider", "diagnosis", "pay_to"}
