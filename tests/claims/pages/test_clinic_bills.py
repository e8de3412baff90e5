"""Treatment that a clinic billed directly: in the same list, with "was this you?"."""

from decimal import Decimal

import pytest

from mypolis.foundation.events.models import Event
from mypolis.insurance.claims import access
from mypolis.insurance.claims.clinic_bills.answering import answer_bill
from mypolis.insurance.claims.clinic_bills.recording import BilledLine, record_bill
from mypolis.insurance.claims.lifecycle.deciding import LineDecision, Verdict, decide
from mypolis.insurance.claims.models import Claim, ClinicBillAnswer
from mypolis.insurance.claims.pages.timeline import timeline
from mypolis.insurance.claims.presenters import shown
from mypolis.membership.accounts.models import Account
from tests.claims.pages.reading import CORE, Reader
from tests.claims.pages.test_others import child, goran, mira
from tests.claims.world import actor, cover, reread, sent, today
from tests.family.home import Asker
from tests.post import Post

__all__ = ["goran", "mira"]


@pytest.fixture
def reader(budi: Account) -> Reader:
    return Reader(budi)


def billed(account: Account) -> Claim:
    line = BilledLine(date=today(account), benefit="doctor", amount=Decimal(80), currency="IDR")
    return record_bill(membership=cover(account), provider="Klinik Melati", lines=[line], by=CORE)


def test_only_bills_of_clinics_are_asked_about_and_only_their_person(
    budi: Account, siti: Account, reader: Reader
) -> None:
    own = sent(budi)
    assert "Was this you?" not in reader.read(reader.address(own))
    assert reader.post(reader.address(own, "clinic-bill/"), {"mine": "no"}).status_code == 404
    with pytest.raises(access.UnknownClaim):
        answer_bill(account=siti, claim=billed(budi).pk, is_mine=True, by=actor(siti))
    assert ClinicBillAnswer.objects.count() == 0


def test_a_clinics_bill_is_in_the_list_and_asks_without_promising_money(budi: Account, reader: Reader) -> None:
    claim = billed(budi)
    assert claim.number in reader.read("/id/claims/")
    page = reader.read(reader.address(claim))
    for said in ("Was this you?", "Klinik Melati billed us directly.", "We settle the bill with the clinic.", "IDR 80"):
        assert said in page, said
    for unsaid in ("Withdraw the claim", "We pay to your account", "If we approve the claim"):
        assert unsaid not in page


def test_the_member_is_told_of_a_clinics_bill_without_a_name_or_a_sum(post: Post, goran: Asker) -> None:
    line = BilledLine(date=goran.account.profile.today(), benefit="doctor", amount=Decimal(7777), currency="RSD")
    membership = goran.account.person.memberships.select_related("policy").get()
    claim = record_bill(membership=membership, provider="Klinik Melati", lines=[line], by=CORE)
    letter = post.to(goran.account.person.email)[-1]
    text = f"{letter.subject} {letter.text}"
    assert claim.number in text
    assert f"/rs/claims/{claim.pk}/" in " ".join(letter.links), letter
    for unsaid in ("Melati", "7777", "7.777", "RSD"):
        assert unsaid not in text.replace(claim.number, "").replace(str(claim.pk), "")


def test_no_leaves_a_note_and_says_whom_to_call_and_the_last_answer_holds(budi: Account, reader: Reader) -> None:
    claim = billed(budi)
    assert reader.post(reader.address(claim, "clinic-bill/"), {"mine": "perhaps"}).status_code == 302
    assert ClinicBillAnswer.objects.count() == 0
    reader.post(reader.address(claim, "clinic-bill/"), {"mine": "no"})
    assert "Thank you for telling us." in reader.read(reader.address(claim))
    assert "tel:" in reader.get(reader.address(claim)).content.decode()
    assert ClinicBillAnswer.objects.get().is_mine is False
    reader.post(reader.address(claim, "clinic-bill/"), {"mine": "yes"})
    assert ClinicBillAnswer.objects.get().is_mine is True
    assert "this treatment took place" in reader.read(reader.address(claim))
    assert Event.objects.filter(kind="claim.clinic_bill_answered").count() == 2


@pytest.mark.django_db
def test_a_parent_is_asked_about_the_child_and_not_about_themselves(mira: Asker) -> None:
    luka = child()
    line = BilledLine(date=mira.account.profile.today(), benefit="doctor", amount=Decimal(80), currency="RSD")
    claim = record_bill(membership=luka.memberships.get(), provider="Klinika Lipa", lines=[line], by=CORE)
    reader = Reader(mira.account)
    page = reader.read(reader.address(claim))
    for said in (f"Was {luka.display_name} treated there?", "Yes, that is right", "No, I do not know this"):
        assert said in page, said
    assert "Was this you?" not in page


def test_the_step_that_asks_is_written_in_whole_sentences(budi: Account) -> None:
    step = timeline(shown([billed(budi)], budi)[0])[-1]
    assert step.title == "We settle the bill with the clinic. Did this treatment take place? Please answer."
    assert timeline(shown([sent(budi)], budi)[0])[-2].title == "We decide"


def test_a_decided_bill_of_a_clinic_is_over_and_pays_the_member_nothing(budi: Account, reader: Reader) -> None:
    claim = billed(budi)
    line = LineDecision(line=claim.lines.get().pk, granted=Decimal(80), currency="IDR")
    decide(claim=claim, verdict=Verdict(id="d", at=claim.created_at, outcome="approved", lines=(line,)), by=CORE)
    claim = reread(claim)
    assert (claim.state, claim.payments.count()) == ("approved", 0)
    page = reader.read("/id/claims/")
    assert "Closed" in page
    assert "Open" not in page.split("Yearly")[0].split("Closed")[0].split("New claim")[1]
    assert "We pay the clinic’s bill." in reader.read(reader.address(claim))
