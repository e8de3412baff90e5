"""Many claims of the queue are handed over or put back at once; what is left alone is said before and after."""

from html import unescape
from typing import Any

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.staff.team.role_changes import take_role
from mypolis.insurance.claims.lifecycle.following import appeal
from mypolis.insurance.claims.models import Claim, ClaimInHand
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from tests.claims.desk.pages import Assessor, assessor
from tests.claims.verdicts import decided
from tests.claims.world import actor, reread, sent
from tests.journeys.test_races import at_once
from tests.test_query_counts import asked

HAND_OVER = "/desk/id/claims/hand-over/"
PUT_BACK = "/desk/id/claims/put-back/"
QUEUE = "/desk/id/claims/"
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


def sends(who: Assessor, page: str, *claims: Claim, act: str = "", to: Assessor | None = None) -> str:
    """Send the form of a list or of the preview; returns the page."""
    chosen = {"row": [str(claim.pk) for claim in claims], "act": act}
    return opened(who, page, {**chosen, **({"to": str(to.colleague.account.pk)} if to else {})})


def opened(who: Assessor, page: str, form: dict[str, Any]) -> str:
    """The page after sending a form."""
    return unescape(who.browser.post(page, form).content.decode())


def holders() -> dict[str, str]:
    """Who has which claim in hand."""
    return dict(ClaimInHand.objects.values_list("claim__number", "name"))


@pytest.mark.parametrize("page", [HAND_OVER, PUT_BACK])
@pytest.mark.parametrize("rows", [[], ["", "x", "12", "{00000000-0000-0000-0000-000000000000}"]])
def test_without_claims_nothing_is_done(rina: Assessor, page: str, rows: list[str]) -> None:
    answer = rina.browser.post(page, {"row": rows, "act": "do"})
    assert answer.status_code == 422
    assert "choose at least one" in answer.content.decode()


def test_claims_of_another_market_are_not_found(budi: Account, rina: Assessor) -> None:
    claim = sent(budi)
    rina.takes(claim)
    stranger = assessor("Vesna", market="rs")
    answer = stranger.browser.post("/desk/rs/claims/put-back/", {"row": [str(claim.pk)], "act": "do"})
    assert answer.status_code == 422
    assert claim.number not in answer.content.decode()
    assert holders() == {claim.number: "Rina"}


def test_only_assessors_can_choose(budi: Account) -> None:
    sent(budi)
    agent = assessor("Mila", "agent")
    assert agent.browser.post(HAND_OVER, {}).status_code == 404
    assert agent.browser.post(PUT_BACK, {}).status_code == 404


def test_a_colleague_must_be_chosen_and_is_no_stranger(budi: Account, maya: Assessor, agus: Assessor) -> None:
    claim = sent(budi)
    for to in ("", "0", "x", str(maya.colleague.account.pk)):
        answer = maya.browser.post(HAND_OVER, {"row": [str(claim.pk)], "act": "do", "to": to})
        assert answer.status_code == 422
        assert str(claim.pk) in answer.content.decode(), "the choice of claims is kept"
    take_role(account=agus.colleague.account, market="id", role="assessor", by=SYSTEM)
    assert "Agus" not in sends(maya, HAND_OVER, claim)
    assert holders() == {}


def test_the_preview_says_what_stays_and_why_and_changes_nothing(
    budi: Account, siti: Account, rina: Assessor, agus: Assessor, maya: Assessor
) -> None:
    mine, hers, free, own, over = sent(budi), sent(budi), sent(budi), sent(siti), decided(budi)
    for who, claim in ((rina, mine), (agus, hers), (rina, own)):
        who.takes(claim)
    enter_relation(staff=agus.colleague.account.pk, person=siti.person, by=maya.colleague.actor)
    page = sends(rina, HAND_OVER, mine, hers, free, own, over, act="preview", to=agus)
    will, will_not = page.split("Will not be done")
    assert mine.number in will
    assert f"{hers.number}" in will_not
    assert "This colleague has it in hand already." in will_not
    assert "Your roles do not allow this. A senior assessor can do it." in will_not, "nobody has it: seniors give it"
    assert "Agus may not work on this claim." in will_not, "that it is of Agus’s family is not for others to know"
    assert "The claim is not at this point now." in will_not
    assert will_not.count('name="row"') == 1
    assert holders() == {mine.number: "Rina", hers.number: "Agus", own.number: "Rina"}


def test_a_senior_assessor_does_not_choose_who_decides_a_claim_of_their_family(
    budi: Account, siti: Account, agus: Assessor, maya: Assessor
) -> None:
    own, other = sent(budi), sent(siti)
    enter_relation(staff=maya.colleague.account.pk, person=budi.person, by=SYSTEM)
    assert f"{own.number}/hand-over/" not in maya.browser.get(f"{QUEUE}{own.number}/").content.decode()
    page = sends(maya, HAND_OVER, own, other, act="preview", to=agus)
    will, will_not = page.split("Will not be done")
    assert (other.number in will, own.number in will_not) == (True, True)
    assert "This claim is your own or your family’s." in will_not
    sends(maya, HAND_OVER, own, other, act="do", to=agus)
    assert holders() == {other.number: "Agus"}


def test_an_appeal_is_not_given_to_whoever_decided(budi: Account, rina: Assessor, maya: Assessor) -> None:
    claim = sent(budi)
    rina.takes(claim)
    rina.types(claim, granted="100", reason="over_usual_price")
    assert rina.decides(claim).status_code == 302
    other = sent(budi)
    appeal(account=budi, claim=claim.pk, text="Look again.", by=actor(budi))
    page = sends(maya, HAND_OVER, claim, other, act="preview", to=rina)
    will, will_not = page.split("Will not be done")
    assert other.number in will
    assert "Rina may not work on this claim." in will_not


def test_who_decided_does_not_choose_who_decides_the_appeal(
    budi: Account, rina: Assessor, agus: Assessor, maya: Assessor
) -> None:
    claim = sent(budi)
    maya.takes(claim)
    maya.types(claim, granted="100", reason="over_usual_price")
    assert maya.decides(claim).status_code == 302
    other = sent(budi)
    appeal(account=budi, claim=claim.pk, text="Look again.", by=actor(budi))
    page = sends(maya, HAND_OVER, claim, other, act="preview", to=agus)
    will, will_not = page.split("Will not be done")
    assert other.number in will
    assert "You took part in the decision that the member appealed." in will_not
    said = maya.browser.get(f"{QUEUE}{claim.number}/hand-over/").content.decode()
    assert "You took part in the decision that the member appealed." in said


def test_claims_are_handed_over_and_what_changed_meanwhile_is_left_alone(
    budi: Account, rina: Assessor, agus: Assessor, maya: Assessor
) -> None:
    first, second, gone = sent(budi), sent(budi), sent(budi)
    rina.takes(first)
    assert "Colleague" in sends(maya, HAND_OVER, first, second, gone)
    preview = sends(maya, HAND_OVER, first, second, gone, act="preview", to=agus)
    assert "Will be done" in preview
    assert "Colleague: Agus" in preview
    Claim.objects.filter(pk=gone.pk).update(state="withdrawn")
    page = sends(maya, HAND_OVER, first, second, gone, act="do", to=agus)
    done, not_done = page.split("Not done")
    assert first.number in done
    assert second.number in done
    assert gone.number in not_done
    assert holders() == {first.number: "Agus", second.number: "Agus"}
    assert Event.objects.filter(kind="claim.handed_over").count() == 2


def test_claims_are_put_back_but_only_ones_own(budi: Account, rina: Assessor, agus: Assessor) -> None:
    mine, hers, nobodys = sent(budi), sent(budi), sent(budi)
    rina.takes(mine)
    agus.takes(hers)
    page = sends(rina, PUT_BACK, mine, hers, nobodys, act="do")
    done, not_done = page.split("Not done")
    assert mine.number in done
    assert "Agus has this claim in hand." in not_done
    assert "Take this claim first" in not_done
    assert holders() == {hers.number: "Agus"}
    assert reread(mine).state == "received"


def test_the_preview_asks_the_same_for_many_also_for_whoever_is_insured(
    budi: Account, siti: Account, rina: Assessor, maya: Assessor
) -> None:
    enter_relation(staff=rina.colleague.account.pk, person=siti.person, by=maya.colleague.actor)
    claims = [sent(budi) for _number in range(12)]
    with asked() as few:
        sends(maya, HAND_OVER, *claims[:2], act="preview", to=rina)
    with asked() as many:
        assert claims[11].number in sends(maya, HAND_OVER, *claims, act="preview", to=rina)
    with asked() as back:
        sends(rina, PUT_BACK, *claims)
    assert len(many.statements) == len(few.statements) <= MOST_STATEMENTS
    assert len(back.statements) <= MOST_STATEMENTS


def test_filters_of_the_queue_are_saved(budi: Account, rina: Assessor) -> None:
    page = rina.browser.get(f"{QUEUE}?whose=mine&after=x").content.decode()
    ticket = page.split('name="ticket" value="')[1].split('"')[0]
    answer = rina.browser.post("/desk/id/saved-filters/", {"ticket": ticket, "name": "On my desk"})
    assert answer["Location"] == f"{QUEUE}?whose=mine"
    shown = rina.browser.get(QUEUE).content.decode()
    assert f'href="{QUEUE}?whose=mine"' in shown
    assert "On my desk" in shown


@pytest.mark.django_db(transaction=True)
def test_two_seniors_give_the_same_claims_at_once(
    budi: Account, maya: Assessor, agus: Assessor, rina: Assessor
) -> None:
    tono, claims = assessor("Tono", "senior-assessor"), [sent(budi) for _number in range(3)]
    at_once(
        lambda: sends(maya, HAND_OVER, *claims, act="do", to=agus),
        lambda: sends(tono, HAND_OVER, *reversed(claims), act="do", to=rina),
    )
    assert set(holders()) == {claim.number for claim in claims}
