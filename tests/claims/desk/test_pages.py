"""The pages of the claims desk: the queue, a claim in hand, its lines, its decision."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.staff.team.role_changes import take_role
from mypolis.insurance.claims.desk.looking import LIFE
from mypolis.insurance.claims.desk.pages.card import claims_at_desk
from mypolis.insurance.claims.desk.pages.documents import MOST_PAGES
from mypolis.insurance.claims.models import AssessmentDraft, Claim, ClaimInHand, DecidedLine
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from mypolis.membership.family.staff_relations.staff_viewings import staff_viewings_of
from tests.claims.desk.pages import Assessor, assessor, words
from tests.claims.owned import PICTURE, PREVIEW, clean_file
from tests.claims.verdicts import questioned
from tests.claims.world import bill, paper, reread, sent
from tests.test_query_counts import asked

ILLNESS = "batuk dan demam"
MOST_STATEMENTS = 15


@pytest.fixture
def rina(budi: Account) -> Assessor:
    return assessor("Rina")


@pytest.fixture
def agus(budi: Account) -> Assessor:
    return assessor("Agus")


@pytest.fixture
def maya(budi: Account) -> Assessor:
    return assessor("Maya", "senior-assessor")


@pytest.fixture
def taken(budi: Account, rina: Assessor) -> Claim:
    """A claim that Rina has in hand."""
    claim = sent(budi)
    rina.takes(claim)
    return claim


# What somebody may see


def test_health_data_is_shown_only_to_whoever_has_the_claim_in_hand(
    taken: Claim, rina: Assessor, agus: Assessor
) -> None:
    clean = clean_file(taken)
    assert ILLNESS in rina.text(taken)
    page = agus.text(taken)
    assert "Rina has it in hand" in page
    for secret in (ILLNESS, "Klinik Melati", "Budi", "Doctor"):
        assert secret not in page
    for name in (f"files/{clean.pk}", "decision"):
        assert rina.page(taken, name).status_code == 200
        assert agus.page(taken, name).status_code == 404


def test_a_claim_of_another_market_a_draft_and_an_unknown_number_are_not_found(taken: Claim, rina: Assessor) -> None:
    Claim.objects.filter(pk=taken.pk).update(market="rs")
    assert rina.page(taken).status_code == 404
    taken.number = "K-1"
    assert rina.page(taken).status_code == 404


def test_their_own_claim_stays_closed_even_in_hand(budi: Account, taken: Claim, rina: Assessor) -> None:
    enter_relation(staff=rina.colleague.account.pk, person=budi.person, by=SYSTEM)
    assert ILLNESS not in rina.text(taken)
    refused = rina.does(taken, "look", because="complaint")
    assert refused.status_code == 422
    assert "Another assessor can do it." in words(refused)


def test_looking_without_taking_needs_a_reason_is_recorded_and_ends(
    taken: Claim, rina: Assessor, agus: Assessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert agus.does(taken, "look", because="curiosity").status_code == 302
    assert ILLNESS not in agus.text(taken)
    assert agus.does(taken, "look", because="member_asks").status_code == 302
    assert ILLNESS in agus.text(taken)
    assert "Rina has it in hand" in agus.text(taken)
    event = Event.objects.get(kind="claim.looked_at")
    assert (event.actor_id, event.facts) == (str(agus.colleague.account.pk), {"reason": "member_asks"})
    assert agus.types(taken, granted="1").status_code == 422, "who looks does not change anything"
    passed = agus.browser.cookies["desk-look-id"].value
    maya = assessor("Maya", "senior-assessor")
    maya.browser.cookies["desk-look-id"] = passed
    assert ILLNESS not in maya.text(taken), "a pass is for one person"
    real = timezone.now().timestamp()
    monkeypatch.setattr("time.time", lambda: real + LIFE.total_seconds() + 1)
    assert ILLNESS not in agus.text(taken)


def test_a_role_that_was_taken_away_closes_the_claim_at_the_next_click(taken: Claim, rina: Assessor) -> None:
    take_role(account=rina.colleague.account, market="id", role="assessor", by=SYSTEM)
    assert rina.page(taken).status_code == 404
    assert rina.decides(taken).status_code == 404


def test_what_members_write_is_shown_as_text(budi: Account, rina: Assessor) -> None:
    claim = sent(budi, bill(budi, text="<script>alert(1)</script>"))
    Claim.objects.filter(pk=claim.pk).update(provider="<img src=x onerror=alert(2)>", diagnosis="{% now %}")
    rina.takes(claim)
    page = rina.page(claim).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_only_checked_files_are_in_the_strip_and_open(taken: Claim, rina: Assessor) -> None:
    clean, checking, refused = (
        clean_file(taken),
        paper(taken, content=b"1", state="checking"),
        paper(taken, content=b"2"),
    )
    refused.state = "refused"
    refused.save()
    page = rina.page(taken).content.decode()
    assert page.count(f"files/{clean.pk}/?page=1") == 1
    for file in (checking, refused):
        assert f"files/{file.pk}" not in page
        assert rina.page(taken, f"files/{file.pk}").status_code == 404
    shown = rina.page(taken, f"files/{clean.pk}", page="1")
    assert shown.content == PREVIEW
    assert shown["Cache-Control"] == "no-store"
    whole = rina.browser.get(rina.address(taken, f"files/{clean.pk}"), {"full": "1"})
    assert whole.getvalue() == PICTURE
    for page_number in ("0", "2", "-1", "x", "9" * 9, "²"):
        assert rina.page(taken, f"files/{clean.pk}", page=page_number).status_code in (200, 404)


def test_a_file_with_very_many_pages_leaves_some_out(taken: Claim, rina: Assessor) -> None:
    clean = clean_file(taken)
    clean.pages = MOST_PAGES + 3
    clean.save()
    assert "more pages are not shown here" in rina.text(taken)


# In hand


def test_two_assessors_do_not_work_on_the_same_claim_unknowingly(taken: Claim, rina: Assessor, agus: Assessor) -> None:
    refused = agus.does(taken, "take")
    assert refused.status_code == 422
    assert "Rina has this claim in hand. You can take it over, or ask them." in words(refused)
    assert agus.does(taken, "take", over="1").status_code == 302
    assert "Agus has it in hand" in rina.text(taken)
    late = rina.types(taken, granted="1", reason="too_many")
    assert late.status_code == 404, "Rina may not see it any more"
    assert not AssessmentDraft.objects.get().lines


def test_a_claim_is_handed_over_to_a_colleague_and_put_back(taken: Claim, rina: Assessor, agus: Assessor) -> None:
    page = rina.text(taken, "hand-over")
    assert "Agus" in page
    assert rina.does(taken, "hand-over", to="123456").status_code == 422
    assert rina.does(taken, "hand-over", to=str(agus.colleague.account.pk)).status_code == 302
    assert "In your hands since" in agus.text(taken)
    refused = rina.does(taken, "put-back")
    assert "Agus has this claim in hand" in words(refused)
    assert agus.does(taken, "put-back").status_code == 302
    assert "Nobody has it in hand." in rina.text(taken)


def test_handing_over_to_a_relative_of_the_member_is_refused(
    budi: Account, taken: Claim, rina: Assessor, agus: Assessor
) -> None:
    enter_relation(staff=agus.colleague.account.pk, person=budi.person, by=SYSTEM)
    refused = rina.does(taken, "hand-over", to=str(agus.colleague.account.pk))
    assert refused.status_code == 422
    assert ClaimInHand.objects.get().name == "Rina"


# Lines


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"granted": "1.000"}, "can mean"),
        ({"granted": "-5"}, "A sum cannot be below zero."),
        ({"granted": "much"}, "Enter the sum in digits"),
        ({"granted": "10", "refusal": "not_needed"}, "A refused line grants nothing."),
        ({"reason": "nonsense"}, "Please choose one."),
        ({"note": "a\u202eb"}, "Please remove the characters"),
    ],
)
def test_a_wrong_value_is_refused_beside_its_field(
    taken: Claim, rina: Assessor, fields: dict[str, str], said: str
) -> None:
    answer = rina.types(taken, **fields)
    assert answer.status_code == 422
    assert said in words(answer)
    assert "More about this bill" not in words(answer), "that is a part of the member's page"
    assert not AssessmentDraft.objects.get().lines


def test_a_line_that_was_changed_in_another_tab_is_not_overwritten(taken: Claim, rina: Assessor) -> None:
    line = taken.lines.get().pk
    assert rina.types(taken, granted="100", reason="too_many").status_code == 302
    answer = rina.does(taken, f"lines/{line}", version="1", granted="1", reason="too_many")
    assert answer.status_code == 409
    assert "This assessment was changed meanwhile" in words(answer)
    for version in ("", "x", "9" * 12):
        assert rina.does(taken, f"lines/{line}", version=version, granted="1").status_code in (409, 422)


def test_a_line_is_lowered_with_its_reason_and_the_sentence_is_shown(taken: Claim, rina: Assessor) -> None:
    assert "Grant this sum instead" in rina.text(taken, line="0")
    assert rina.types(taken, granted="100", reason="over_usual_price").status_code == 302
    page = rina.text(taken)
    assert "We pay IDR 100, the member pays IDR 50" in page
    assert "usual price" in page


def test_a_sum_of_zero_can_be_granted(taken: Claim, rina: Assessor) -> None:
    assert rina.types(taken, granted="0", reason="too_many").status_code == 302
    assert "Reject the claim" in rina.text(taken, "decision")


def test_a_lowered_sum_without_a_reason_cannot_be_decided_and_says_why(taken: Claim, rina: Assessor) -> None:
    assert rina.types(taken, granted="100").status_code == 302
    assert "Choose the reason for which less is granted." in rina.text(taken)
    assert rina.page(taken, "decision").status_code == 302


def test_a_foreign_bill_waits_for_its_rate(budi: Account, rina: Assessor) -> None:
    claim = sent(budi, bill(budi, "10.00", currency="EUR"))
    rina.takes(claim)
    assert "The exchange rate of this bill is missing. Enter it." in rina.text(claim)
    assert "One EUR in IDR" in rina.text(claim, line="0")
    assert rina.types(claim, rate="much").status_code == 422
    for rate in ("0", "-1", "1e3", "NaN", "1.123456789"):
        assert rina.types(claim, rate=rate).status_code == 422, rate
    assert rina.types(claim, rate="15,5").status_code == 302
    assert "EUR 10 = IDR 155" in rina.text(claim)
    assert "15.5" in rina.page(claim, line="0").content.decode()


# Deciding


def test_what_changed_meanwhile_is_named_and_nothing_typed_is_lost(
    budi: Account, rina: Assessor, agus: Assessor
) -> None:
    claim = sent(budi, bill(budi, days_ago=4))
    rina.takes(claim)
    rina.types(claim, granted="100", reason="too_many")
    read = rina.reads(claim)
    other = sent(budi, bill(budi, "60.00"), content=b"other")
    agus.takes(other)
    assert agus.decides(other).status_code == 302
    stale = rina.does(claim, "decision", **read)
    assert stale.status_code == 409
    assert "Something was used of a limit, or given back." in words(stale)
    version = AssessmentDraft.objects.get(claim=claim).version
    assert rina.does(claim, "renew", version="77").status_code == 409
    assert rina.does(claim, "renew", version=str(version)).status_code == 302
    assert "Something changed" not in rina.text(claim)
    assert rina.decides(claim).status_code == 302
    assert DecidedLine.objects.get(decision__claim=claim).granted == 100


def test_a_decision_that_was_not_read_before_is_shown_again(taken: Claim, rina: Assessor) -> None:
    rina.types(taken, refusal="not_needed", note="Nije bilo potrebno.")
    version = str(AssessmentDraft.objects.get().version)
    answer = rina.does(taken, "decision", version=version, previewed="of something else")
    assert answer.status_code == 409
    assert "What the member will read has changed." in words(answer)
    assert rina.does(taken, "decision", version="1", previewed="").status_code == 409


def test_a_claim_is_decided_after_its_letter_was_read_in_every_language(taken: Claim, rina: Assessor) -> None:
    page = rina.page(taken, "decision").content.decode()
    assert 'lang="id"' in page
    assert 'lang="en"' in page
    assert "You decide alone up to IDR 10,000,000." in rina.text(taken, "decision")
    assert rina.decides(taken).status_code == 302
    assert reread(taken).state == "to_be_paid"
    after = rina.text(taken)
    assert "To be paid" in after
    assert ILLNESS not in after, "a decided claim is in nobody's hands"


def test_above_the_rules_a_second_person_confirms_or_sends_back(taken: Claim, rina: Assessor, maya: Assessor) -> None:
    rina.types(taken, granted="150")
    assert "so a second person checks it" in rina.text(taken, "decision")
    assert rina.decides(taken).status_code == 302
    assert reread(taken).state == "second_review"
    assert "A senior assessor can do it." in words(rina.does(taken, "take"))
    maya.takes(taken)
    assert "Rina assessed this claim" in maya.text(taken)
    assert maya.does(taken, "send-back", remark="a\u202eb").status_code == 409
    assert rina.does(taken, "send-back", remark="x").status_code == 404
    assert maya.does(taken, "send-back", remark="Why more?").status_code == 302
    rina.takes(taken)
    assert "Why more?" in rina.text(taken)
    assert rina.decides(taken).status_code == 302
    maya.takes(taken)
    assert maya.decides(taken).status_code == 302
    assert DecidedLine.objects.get().granted == 150


def test_a_decided_claim_can_be_looked_at_as_it_was_decided(taken: Claim, rina: Assessor, agus: Assessor) -> None:
    rina.types(taken, granted="100", reason="over_usual_price")
    rina.decides(taken)
    agus.does(taken, "look", because="complaint")
    page = agus.text(taken)
    assert "Granted IDR 100" in page
    assert "usual price" in page


# The queue


def test_the_queue_shows_who_has_a_claim_for_whom_it_waits_and_what_is_late(
    budi: Account, taken: Claim, rina: Assessor, agus: Assessor
) -> None:
    waiting = questioned(sent(budi, content=b"b"))
    late = sent(budi, content=b"c")
    Claim.objects.filter(pk=late.pk).update(promised_by=budi.profile.today() - timedelta(days=1))
    page = words(agus.browser.get("/desk/id/claims/"))
    assert page.index(late.number) < page.index(taken.number) < page.index(waiting.number)
    for text in ("late", "waits for the member", "Rina", "Doctor", "IDR 150"):
        assert text in page
    assert ILLNESS not in page
    mine = words(rina.browser.get("/desk/id/claims/", {"whose": "mine"}))
    assert taken.number in mine
    assert waiting.number not in mine
    state = words(rina.browser.get("/desk/id/claims/", {"state": "waiting_for_member", "order": "age"}))
    assert waiting.number in state
    assert taken.number not in state
    assert taken.number in words(rina.browser.get("/desk/id/claims/", {"state": "x", "order": "x", "after": "x"}))


def test_an_empty_queue_says_so(rina: Assessor) -> None:
    assert "No claim waits here." in words(rina.browser.get("/desk/id/claims/"))


def test_the_start_page_counts_what_waits(budi: Account, taken: Claim, maya: Assessor) -> None:
    Claim.objects.filter(pk=sent(budi, content=b"c").pk).update(promised_by=budi.profile.today() - timedelta(days=1))
    page = words(maya.browser.get("/desk/id/"))
    assert "Wait for a decision 2 Past the promised day 1 late In my hands 0 Wait for a second person 0" in page
    assert claims_at_desk.__doc__


# Cost


def test_no_page_takes_more_than_fifteen_statements(
    budi: Account, taken: Claim, rina: Assessor, maya: Assessor
) -> None:
    for content in (b"1", b"2", b"3"):
        sent(budi, bill(budi, "20.00"), content=content)
    clean_file(taken)
    rina.does(taken, "renew", version=str(AssessmentDraft.objects.get(claim=taken).version))
    pages = ["", "?line=0", "decision/", "hand-over/", "facts/", "earlier/", "questions/", "history/", "member-view/"]
    costs = {name: statements(rina.browser, rina.address(taken) + name) for name in pages}
    costs["queue"] = statements(rina.browser, "/desk/id/claims/")
    costs["start"] = statements(rina.browser, "/desk/id/")
    costs["closed"] = statements(maya.browser, maya.address(taken))
    assert max(costs.values()) <= MOST_STATEMENTS, costs


def statements(browser: Client, address: str) -> int:
    """How many statements a page takes."""
    with asked() as found:
        assert browser.get(address).status_code == 200
    return len(found)


def test_an_address_with_a_null_character_is_not_found(rina: Assessor) -> None:
    assert rina.browser.get("/desk/id/claims/CLM%00/").status_code == 404


def test_the_insured_person_sees_in_which_role_somebody_could_read_a_claim(
    budi: Account, rina: Assessor, agus: Assessor, maya: Assessor
) -> None:
    claim = sent(budi)
    agus.text(claim)
    assert staff_viewings_of(budi.person) == [], "nothing about health was open"
    rina.takes(claim)
    agus.does(claim, "look", because="complaint")
    rina.does(claim, "hand-over", to=str(maya.colleague.account.pk))
    found = [(one.staff, one.role) for one in staff_viewings_of(budi.person)]
    keys = [one.colleague.account.pk for one in (maya, agus, rina)]
    assert found == list(zip(keys, ("senior-assessor", "assessor", "assessor"), strict=True))
