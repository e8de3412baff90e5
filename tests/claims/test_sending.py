"""Sending a claim: once, only when complete, with a number and an acknowledgement."""

import re

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.notices.models import Message
from mypolis.insurance.claims import access
from mypolis.insurance.claims.lifecycle.clock import add_days
from mypolis.insurance.claims.lifecycle.sending import Incomplete, receive_if_complete, submit
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.repeats import repeated
from mypolis.membership.accounts.models import Account
from tests.claims.world import actor, bill, changed, complete, draft, reread, sent, today


def states(claim: Claim) -> list[str]:
    return list(claim.changes.order_by("at", "pk").values_list("after", flat=True))


def test_an_incomplete_draft_is_not_sent_and_says_what_is_missing(budi: Account) -> None:
    claim = draft(budi)
    with pytest.raises(Incomplete) as incomplete:
        submit(account=budi, claim=claim.pk, by=actor(budi))
    assert incomplete.value.missing[0].field == "treated_on"
    assert (reread(claim).state, reread(claim).number) == ("draft", "")


def test_somebody_elses_draft_is_not_sent(budi: Account, siti: Account) -> None:
    claim = complete(budi)
    with pytest.raises(access.UnknownClaim):
        submit(account=siti, claim=claim.pk, by=actor(siti))


def test_sending_twice_is_sending_once(budi: Account) -> None:
    claim = complete(budi)
    first = submit(account=budi, claim=claim.pk, by=actor(budi))
    again = submit(account=budi, claim=claim.pk, by=actor(budi))
    assert first.number == again.number
    assert re.fullmatch(rf"C-{today(budi).year}-\d{{6,}}", first.number)
    assert states(claim) == ["draft", "submitted", "received"]
    assert Message.objects.filter(template="claim-sent").count() == 0  # without a confirmed address nobody is mailed


def test_a_claim_whose_files_are_still_being_checked_is_received_later(budi: Account) -> None:
    claim = sent(budi, files="checking")
    assert (claim.state, claim.promised_by, claim.received_at) == ("submitted", None, None)
    ReceivedFile.objects.of(claim).update(state=ReceivedState.CLEAN)
    receive_if_complete(claim, by=SYSTEM)
    assert claim.state == State.RECEIVED
    assert claim.promised_by == add_days(today(budi), 14, claim.profile)


def test_a_received_claim_says_by_when_we_decide(budi: Account) -> None:
    claim = sent(budi)
    assert claim.state == State.RECEIVED
    assert claim.promised_by is not None
    assert claim.promised_by > today(budi)


def test_every_change_has_its_sentence_in_every_language_of_the_market(budi: Account) -> None:
    claim = sent(budi)
    for change in claim.changes.exclude(after="draft"):
        assert set(change.sentences) == set(claim.profile.languages)
        assert len(set(change.sentences.values())) == len(claim.profile.languages)
        assert (change.by_kind, change.by_id) in {("member", str(budi.pk)), ("system", "")}


def test_the_same_bill_in_another_claim_is_found_and_a_similar_one_is_not(budi: Account) -> None:
    first = sent(budi, bill(budi, number="KW-77/2026"))
    same = changed(budi, draft(budi), provider="klinik  melati", lines=[bill(budi, number="kw 77 2026")])
    assert list(repeated(same, access.claims_of(budi)).values()) == [first]
    for other in (bill(budi, number="KW-78/2026"), bill(budi, "151", number="KW-77/2026"), bill(budi)):
        claim = changed(budi, draft(budi), provider="Klinik Melati", lines=[other])
        assert repeated(claim, access.claims_of(budi)) == {}


def test_somebody_elses_bill_is_found_but_never_for_a_member(budi: Account, siti: Account) -> None:
    sent(siti, bill(siti, number="KW-77"))
    claim = changed(budi, draft(budi), provider="Klinik Melati", lines=[bill(budi, number="KW-77")])
    assert repeated(claim, access.claims_of(budi)) == {}
    assert len(repeated(claim)) == 1
