"""What is beside a claim at the desk: the network of its plan, facts, questions, timeline, the member's view."""

import pytest

from mypolis.insurance.claims.lifecycle.following import appeal
from mypolis.insurance.claims.models import Claim, Question
from mypolis.membership.accounts.models import Account
from tests.claims.desk.pages import Assessor, assessor, words
from tests.claims.owned import clean_file
from tests.claims.verdicts import decided
from tests.claims.world import actor, bill, reread, sent

NAMES = ("facts", "earlier", "questions", "history", "member-view")


@pytest.fixture
def rina(budi: Account) -> Assessor:
    return assessor("Rina")


@pytest.fixture
def taken(budi: Account, rina: Assessor) -> Claim:
    """A claim that Rina has in hand."""
    claim = sent(budi)
    rina.takes(claim)
    return claim


@pytest.mark.parametrize("name", NAMES)
def test_only_whoever_has_the_claim_in_hand_opens_them(taken: Claim, rina: Assessor, name: str) -> None:
    assert rina.page(taken, name).status_code == 200
    assert assessor("Agus").page(taken, name).status_code == 404


def test_facts_show_limits_on_the_day_and_today(taken: Claim, rina: Assessor) -> None:
    page = rina.text(taken, "facts")
    for when in ("on the day of treatment", "today"):
        assert f"{when} IDR 0 IDR 120 IDR 880" in page
    assert "There are no others." in rina.text(taken, "earlier")


def test_the_second_person_reads_what_the_first_found_out_about_the_network(taken: Claim, rina: Assessor) -> None:
    maya = assessor("Maya", "senior-assessor")
    assert "The plan’s network:" not in rina.text(taken)
    rina.types(taken, network="in", not_medical="10", granted="145")
    assert rina.decides(taken).status_code == 302
    assert reread(taken).state == "second_review"
    maya.takes(taken)
    assert "The plan’s network: the provider is in it" in maya.text(taken)


def test_facts_show_the_familys_claims_and_the_same_bill_elsewhere(
    budi: Account, siti: Account, rina: Assessor
) -> None:
    mine = sent(budi, bill(budi, number="K-1"), content=b"1")
    same = sent(budi, bill(budi, number="K-1"), content=b"2")
    stranger = sent(siti, bill(siti, number="K-1"), content=b"3")
    rina.takes(same)
    page = rina.text(same, "facts")
    assert f"The same bill is in another claim: {mine.number}" in page
    assert "The same bill, side by side" in page
    assert "same provider" in rina.text(same, "earlier")
    assert siti.person.display_name not in page, stranger.number
    assert "None of them rejects a claim." in page


def test_a_bill_of_a_limits_size_is_a_fact_on_the_claims_page(budi: Account, rina: Assessor) -> None:
    claim = sent(budi, bill(budi, "199.00"))
    rina.takes(claim)
    page = rina.text(claim)
    assert "A bill is as large as a limit of IDR 200." in page


def test_a_form_that_asks_nothing_or_what_is_not_offered_is_refused(taken: Claim, rina: Assessor) -> None:
    version = str(reread(taken).version)
    for fields in ({}, {"ready": "rate_missing|"}, {"ready": "x"}, {"own": "a\u202eb"}):
        answer = rina.does(taken, "questions", version=version, **fields)
        assert answer.status_code == 422, fields
    assert rina.does(taken, "questions", own="Why?").status_code == 422, "without the version of the page"
    assert not Question.objects.exists()


def test_several_questions_go_out_once_and_a_double_click_asks_once(taken: Claim, rina: Assessor) -> None:
    version = str(reread(taken).version)
    chosen = {"version": version, "ready": ["names_differ|", "diagnosis_missing|"], "own": "Siapa dokternya?"}
    assert rina.does(taken, "questions", **chosen).status_code == 302
    assert rina.does(taken, "questions", **chosen).status_code == 302
    assert Question.objects.count() == 3
    assert reread(taken).state == "waiting_for_member"
    page = rina.text(taken, "questions")
    assert page.count("No answer yet") == 3
    assert "Siapa dokternya?" in page


def test_what_was_asked_or_given_before_needs_a_second_click(taken: Claim, rina: Assessor) -> None:
    fields = {"version": str(reread(taken).version), "ready": "document_missing|receipt"}
    warned = rina.does(taken, "questions", **fields)
    assert warned.status_code == 422
    assert "This paper came on" in words(warned)
    assert "checked" in warned.content.decode(), "the choice is kept"
    assert rina.does(taken, "questions", **fields, again="1").status_code == 302
    later = {"version": str(reread(taken).version), "ready": "document_missing|receipt"}
    assert "We asked this on" in words(rina.does(taken, "questions", **later))


def test_who_only_looks_does_not_ask(taken: Claim) -> None:
    agus = assessor("Agus")
    agus.does(taken, "look", because="colleague_asks")
    assert "Whoever has the claim in hand can ask." in agus.text(taken, "questions")
    version = str(reread(taken).version)
    assert agus.does(taken, "questions", version=version, own="Why?").status_code == 422
    assert not Question.objects.exists()


def test_the_timeline_says_who_did_what(taken: Claim, rina: Assessor) -> None:
    rina.types(taken, granted="100", reason="too_many")
    agus = assessor("Agus")
    agus.does(taken, "look", because="complaint")
    page = rina.text(taken, "history")
    for text in ("Taken in hand Rina", "Assessment changed Rina", "Looked at without taking it Agus", "the member"):
        assert text in page


def test_the_members_view_is_what_the_member_reads(budi: Account, rina: Assessor) -> None:
    claim = decided(budi)
    rina.does(claim, "look", because="member_asks")
    page = rina.text(claim, "member-view")
    assert "We pay IDR 100" in page
    assert "IDR 150 → IDR 100" in page
    Claim.objects.filter(pk=claim.pk).update(account=None)
    clean_file(claim)
    assert "No account is linked to this claim." in rina.text(claim, "member-view")


def test_the_form_stays_open_at_the_reason_that_a_lowered_sum_lacks(taken: Claim, rina: Assessor) -> None:
    saved = rina.types(taken, granted="50")
    assert saved["Location"] == f"{rina.address(taken)}?line=0#id_reason"
    assert 'name="reason"' in rina.page(taken, line="0").content.decode()
    saved = rina.types(taken, granted="50", reason="too_many")
    assert saved["Location"] == f"{rina.address(taken)}#line-0"


def test_whoever_decides_an_appeal_reads_what_the_member_wrote(budi: Account, taken: Claim, rina: Assessor) -> None:
    agus = assessor("Agus")
    assert "appealed on" not in rina.text(taken)
    rina.types(taken, refusal="not_needed")
    rina.decides(taken)
    appeal(account=budi, claim=taken.pk, text="My doctor insisted on it.", by=actor(budi))
    assert "My doctor" not in agus.text(taken), "it can be about health"
    agus.takes(taken)
    page = agus.text(taken)
    assert "The member appealed on" in page
    assert "My doctor insisted on it." in page


def test_asking_is_no_change_that_the_assessor_has_to_look_at(taken: Claim, rina: Assessor) -> None:
    rina.does(taken, "questions", own="Which leg?", version=str(reread(taken).version))
    assert reread(taken).state == "waiting_for_member"
    assert "Something changed" not in rina.text(taken)
