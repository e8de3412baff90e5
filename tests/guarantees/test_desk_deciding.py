"""Deciding at the desk: in one person's hands, up to their authority, above it with a second one, never one's own."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.guarantees.desk import deciding, in_hand
from mypolis.insurance.guarantees.desk.deciding import OtherPromise
from mypolis.insurance.guarantees.desk.refusals import Refused, Why
from mypolis.insurance.guarantees.jobs import expire_in
from mypolis.insurance.guarantees.lifecycle.deciding import BadTerms, ReasonMissing, Terms, revoke
from mypolis.insurance.guarantees.lifecycle.states import State
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeInHand, GuaranteeProposal
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from mypolis.membership.family.staff_relations.staff_viewings import staff_viewings_of
from tests.guarantees.desk_acts import confirms, promises, takes
from tests.guarantees.world import DESK, asked, given, reread, reserved_of
from tests.staff.assessors import agus, maya, rina
from tests.staff.world import Colleague, colleague

__all__ = ["agus", "maya", "rina"]


@pytest.fixture
def _small_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    """Assessors promise up to 100, seniors up to 550."""
    profile = profile_of("id")
    sums = {"assessor": Decimal(100), "senior-assessor": Decimal(550)}
    changed = replace(profile, claims=replace(profile.claims, authority=sums))
    monkeypatch.setattr(Guarantee, "profile", property(lambda _one: changed))


def assert_refused(act: Callable[[], object], why: Why) -> None:
    """The desk refuses for this reason, and says so in words."""
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.why == why
    assert refusal.value.sentence


# In hand


def test_nobody_takes_their_own_or_their_familys(budi: Account, rina: Colleague) -> None:
    enter_relation(staff=rina.account.pk, person=budi.person, by=SYSTEM)
    assert_refused(lambda: takes(rina, asked(budi)), Why.OWN_OR_FAMILY)


def test_who_has_no_right_takes_nothing(budi: Account) -> None:
    editor = colleague("Edo", "editor", market="id")
    elsewhere = colleague("Ana", "assessor", market="rs")
    for one in (editor, elsewhere):
        assert_refused(lambda one=one: takes(one, asked(budi)), Why.NO_RIGHT)


def test_what_a_colleague_has_can_only_be_taken_over(budi: Account, rina: Colleague, agus: Colleague) -> None:
    found = takes(rina, asked(budi))
    with pytest.raises(Refused) as refusal:
        takes(agus, found)
    assert refusal.value.sentence.startswith("Rina has this guarantee in hand")
    takes(agus, found, over=True)
    assert_refused(lambda: promises(rina, found, "50"), Why.IN_OTHER_HANDS)
    assert_refused(lambda: in_hand.put_back(guarantee=found, staff=rina.account, by=rina.actor), Why.IN_OTHER_HANDS)
    facts = [event.facts for event in Event.objects.filter(kind="guarantee.taken").order_by("pk")]
    assert facts == [{"before": None}, {"before": rina.account.pk}]


def test_nobody_decides_what_nobody_has_in_hand(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi))
    in_hand.put_back(guarantee=found, staff=rina.account, by=rina.actor)
    assert_refused(lambda: promises(rina, found, "50"), Why.NOT_IN_HAND)


def test_who_became_family_meanwhile_decides_no_more(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi))
    enter_relation(staff=rina.account.pk, person=budi.person, by=SYSTEM)
    assert_refused(lambda: promises(rina, found, "50"), Why.OWN_OR_FAMILY)


def test_the_person_sees_when_and_in_which_role_somebody_took_it(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi))
    in_hand.put_back(guarantee=found, staff=rina.account, by=rina.actor)
    takes(rina, found)  # in the same hour
    assert [(one.staff, one.role) for one in staff_viewings_of(budi.person)] == [(rina.account.pk, "assessor")]


# Alone


def test_another_promise_than_the_page_showed_is_not_made(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi, "600"))
    given(budi, "400")
    with pytest.raises(OtherPromise) as other:
        promises(rina, found, "600", shown="600")
    assert other.value.promise.promised == 200
    assert reread(found).state == "asked"
    assert promises(rina, found, "600", shown="200") == "decided"
    assert reserved_of(budi) == 600


def test_what_the_plan_does_not_pay_is_not_promised(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi, "500", "birth"))
    assert_refused(lambda: promises(rina, found, "500"), Why.PAYS_NOTHING)


def test_a_letter_cannot_end_before_its_treatment_or_last_for_years(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi))
    for until in ("2001-01-01", "2999-01-01"):
        terms = Terms(valid_until=found.planned_to.fromisoformat(until))
        with pytest.raises(BadTerms):
            deciding.promise(
                guarantee=found, to=State.GIVEN, terms=terms, shown=Decimal(600), staff=rina.account, by=rina.actor
            )


def test_a_given_letter_leaves_the_hands_and_keeps_its_terms(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi))
    terms = Terms(expected=Decimal(50), valid_until=found.planned_to, conditions="A room for two.")
    came_to = deciding.promise(
        guarantee=found, to=State.GIVEN, terms=terms, shown=Decimal(50), staff=rina.account, by=rina.actor
    )
    one = reread(found)
    assert (came_to, one.state, one.promised, one.valid_until) == ("decided", "given", 50, found.planned_to)
    assert one.conditions == "A room for two."
    assert not GuaranteeInHand.objects.exists()
    assert one.changes.latest("pk").by_id == str(rina.account.pk)


def test_a_state_that_does_not_allow_it_is_refused(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi))
    assert_refused(lambda: promises(rina, found, "50", State.EXTENDED), Why.WRONG_STATE)
    given_one = takes(rina, given(budi))
    assert_refused(lambda: promises(rina, given_one, "50"), Why.WRONG_STATE)
    act = deciding.refuse
    assert_refused(
        lambda: act(guarantee=given_one, code="limit_used", reason="", staff=rina.account, by=rina.actor),
        Why.WRONG_STATE,
    )


def test_a_refusal_has_a_code_or_words(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi))
    for code in ("other", "no_such_code", "cancelled"):
        with pytest.raises(ReasonMissing):
            deciding.refuse(guarantee=found, code=code, reason=" ", staff=rina.account, by=rina.actor)
    deciding.refuse(guarantee=found, code="no_referral", reason="", staff=rina.account, by=rina.actor)
    change = found.changes.latest("pk")
    assert (reread(found).state, change.code, change.reason) == ("refused", "no_referral", "")


def test_a_letter_is_revoked_with_a_reason(budi: Account, rina: Colleague) -> None:
    found = takes(rina, given(budi))
    deciding.revoke(guarantee=found, code="cancelled", reason="", staff=rina.account, by=rina.actor)
    assert (reread(found).state, reserved_of(budi)) == ("revoked", 0)


# With a second person


@pytest.mark.usefixtures("_small_authority")
def test_a_sum_above_ones_authority_waits_for_a_second_person(budi: Account, rina: Colleague, maya: Colleague) -> None:
    found = takes(rina, asked(budi, "500"))
    assert promises(rina, found, "500") == "second_review"
    assert (reread(found).state, reserved_of(budi)) == ("asked", 0)
    takes(rina, found)
    assert_refused(lambda: promises(rina, found, "500"), Why.WAITS_FOR_SECOND)
    assert_refused(
        lambda: deciding.refuse(guarantee=found, code="limit_used", reason="", staff=rina.account, by=rina.actor),
        Why.WAITS_FOR_SECOND,
    )
    assert_refused(lambda: confirms(rina, found, "500"), Why.NO_RIGHT)
    takes(maya, found, over=True)
    confirms(maya, found, "500")
    assert (reread(found).state, reserved_of(budi)) == ("given", 500)
    assert not GuaranteeProposal.objects.exists()


@pytest.mark.usefixtures("_small_authority")
def test_nobody_confirms_what_they_proposed(budi: Account, maya: Colleague) -> None:
    found = takes(maya, asked(budi, "600"))
    assert promises(maya, found, "600") == "second_review"
    takes(maya, found)
    assert_refused(lambda: confirms(maya, found, "600"), Why.PROPOSED_IT)


@pytest.mark.usefixtures("_small_authority")
def test_above_all_authorities_two_seniors_decide(budi: Account, maya: Colleague) -> None:
    tono = colleague("Tono", "senior-assessor", market="id")
    found = takes(maya, asked(budi, "600"))
    promises(maya, found, "600")
    takes(tono, found)
    assert confirms(tono, found, "600").promised == 600


@pytest.mark.usefixtures("_small_authority")
def test_a_second_person_does_not_confirm_another_sum_than_they_read(
    budi: Account, rina: Colleague, maya: Colleague
) -> None:
    found = takes(rina, asked(budi, "500"))
    promises(rina, found, "500")
    given(budi, "300")
    takes(maya, found)
    with pytest.raises(OtherPromise):
        confirms(maya, found, "500")
    assert confirms(maya, found, "300").promised == 300


@pytest.mark.usefixtures("_small_authority")
def test_what_was_sent_back_is_proposed_anew(budi: Account, rina: Colleague, maya: Colleague) -> None:
    found = takes(rina, asked(budi, "500"))
    promises(rina, found, "500")
    takes(maya, found)
    deciding.send_back(guarantee=found, remark="Ask for the estimate.", staff=maya.account, by=maya.actor)
    takes(maya, found)
    assert_refused(lambda: confirms(maya, found, "500"), Why.NOTHING_PROPOSED)
    takes(rina, found, over=True)
    assert promises(rina, found, "90") == "decided"
    assert reread(found).state == "given"


@pytest.mark.usefixtures("_small_authority")
def test_a_proposal_ends_with_its_guarantee(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi, "500"))
    promises(rina, found, "500")
    end = reread(found)
    end.planned_to = end.planned_from = end.profile.today().replace(year=2000)
    end.save()
    expire_in(end.profile, end.asked_at)
    assert reread(found).state == "expired"
    assert not GuaranteeProposal.objects.exists()


@pytest.mark.usefixtures("_small_authority")
def test_a_letter_can_be_revoked_while_its_extension_waits(budi: Account, rina: Colleague) -> None:
    found = takes(rina, given(budi, "50"))
    assert promises(rina, found, "500", State.EXTENDED) == "second_review"
    revoke(guarantee=found, code="cancelled", by=DESK)
    assert not GuaranteeProposal.objects.exists()
