"""A walk through claims: drafts, sending, questions, decisions, payments. Tests watch every write."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from mypolis.doors.integrations.flows import issue_token
from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.files.receiving import receive
from mypolis.foundation.markets import market
from mypolis.insurance.bank_accounts.flows import add
from mypolis.insurance.bank_accounts.numbers.reading import read_number
from mypolis.insurance.claims.desk import in_hand
from mypolis.insurance.claims.desk.draft_decision import save_line
from mypolis.insurance.claims.desk.looking import Because, look
from mypolis.insurance.claims.desk.outcomes import waiting
from mypolis.insurance.claims.desk.outcomes.deciding import decide, send_back
from mypolis.insurance.claims.desk.typed_lines import TypedLine
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.payments.results import take_results
from mypolis.insurance.claims.payments.results_file import Result
from mypolis.insurance.claims.payments.runs import figures_of, make_run, withdraw_run
from mypolis.insurance.claims.payments.signing import fetch_file, sign
from mypolis.insurance.claims.rights import CLAIM_DECISIONS, CLAIMS, CLINIC_BILLS
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import enter_relation, remove_relation
from mypolis.membership.operators.locking import lock_account, unlock_account
from mypolis.membership.people.models import Membership
from tests.cast import BUDI, on_file
from tests.claims.desk.staff import MAYA, RINA
from tests.events.provider_walks import at_work
from tests.events.walks import ADDRESS, CLIENT, OPERATOR, STRANGER, behind_the_products_back
from tests.family.home import Asker, account
from tests.staff.world import colleague


class Claimant:
    """A member with a plan who makes claims, and the core system that decides them."""

    def __init__(self) -> None:
        person = on_file(BUDI.but(given_name="Bagus", participant_number="000888", email="bagus@example.test"))
        person.memberships.update(plan="Gold")
        self.account: Account = account(person, by=STRANGER)
        self.membership = person.memberships.get().pk
        self.app = Asker(self.account, by=STRANGER)
        self.by = Actor("member", str(self.account.pk), ADDRESS, CLIENT)
        self.day = market("id").today().isoformat()
        self.pay_to = self.bank_account("1234567890")
        _token, text = issue_token(
            market="id",
            partner="claims",
            may=[CLAIMS.name, CLAIM_DECISIONS.name, CLINIC_BILLS.name],
            life=timedelta(days=9),
            by=OPERATOR,
        )
        self.bearer = {"authorization": f"Bearer {text}"}

    def bank_account(self, number: str) -> str:
        """Add a bank account, and return its key."""
        read = read_number(("id",), number, bank="014")
        return str(add(account=self.account, number=read, holder="Bagus", by=self.by).pk)

    def draft(self) -> str:
        """A draft with everything that sending needs."""
        made = self.app.post("claims", {"for": str(self.membership), "benefit": "doctor"})
        assert made.status_code == 201, made.content
        key = str(made.json()["id"])
        line = {"date": self.day, "benefit": "doctor", "amount": "150.00", "currency": "IDR"}
        body = {"treated_on": self.day, "provider": "Melati", "diagnosis": "batuk", "lines": [line]}
        saved = self.app.client.patch(
            f"/api/v1/id/claims/{key}",
            body | {"pay_to": self.pay_to},
            content_type="application/json",
            headers={"If-Match": '"1"'},
        )
        assert saved.status_code == 200, saved.content
        claim = Claim.objects.get(pk=key)
        paper = receive(market="id", owner=claim, kind="receipt", name="a.jpg", content=[key.encode()], by=self.by)
        with behind_the_products_back():
            ReceivedFile.objects.filter(pk=paper.pk).update(state="clean")
        return key

    def does(self, key: str, what: str, **body: Any) -> Any:
        """Something that the member does with a claim."""
        answer = self.app.post(f"claims/{key}/{what}", body)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    def core(self, key: str, what: str, body: dict[str, Any]) -> None:
        """Something that the core system says about a claim."""
        address = f"/api/v1/id/partner/claims/{Claim.objects.get(pk=key).number}/{what}"
        answer = Client().post(address, json.dumps(body), content_type="application/json", headers=self.bearer)
        assert answer.status_code == 200, answer.content

    def decision(self, key: str, granted: str) -> dict[str, Any]:
        """A decision about a claim of one line."""
        line = {"line": str(Claim.objects.get(pk=key).lines.get().pk), "granted": granted, "reasons": ["limit_visit"]}
        now = timezone.now().isoformat()
        return {"id": f"d{granted}", "at": now, "outcome": "partly_approved", "lines": [line]}


def make_claims() -> None:
    """Discard a draft, withdraw a claim and send it again. Another is asked about, decided, appealed and paid."""
    one = Claimant()
    assert one.app.client.delete(f"/api/v1/id/claims/{one.draft()}").status_code == 204
    first = one.draft()
    one.does(first, "submit")
    one.does(first, "withdraw")
    one.does(first, "send-again")
    key = one.draft()
    one.does(key, "submit")
    one.core(key, "information-request", {"id": "q1", "text": "Why?"})
    one.does(key, "answers", request=str(Claim.objects.get(pk=key).questions.get().pk), text="A cough.")
    said = one.decision(key, "90.00")
    one.core(key, "decision", said)
    one.does(key, "appeal", text="The limit is higher.")
    said = one.decision(key, "100.00")
    one.core(key, "decision", said)
    failed = {"state": "failed", "at": timezone.now().isoformat(), "code": "account_closed"}
    one.core(key, "decision", said | {"id": "p1", "payment": failed})
    one.does(key, "account", pay_to=one.bank_account("5544332211"))
    paid = {"state": "paid", "at": timezone.now().isoformat()}
    one.core(key, "decision", said | {"id": "p2", "payment": paid})
    assert Claim.objects.get(pk=key).state == "paid"
    be_billed_by_a_clinic(one)
    be_assessed_at_the_desk(one)
    be_entered_by_a_colleague(one)
    pay_by_run(one)
    lock_account(account=one.account, reason="asked", by=OPERATOR)
    unlock_account(account=one.account, by=OPERATOR)


def be_entered_by_a_colleague(one: Claimant) -> None:
    """A colleague enters a claim that came by post, with a scan."""
    with behind_the_products_back():
        petra = colleague("Petra", "operator", market="id")
    browser = at_work(petra)
    answer = browser.post(
        f"/desk/id/people/{one.account.person_id}/claims/new/",
        {
            **{"what": f"{one.membership}:doctor", "key": str(uuid4())},
            **{"came_by": "post", "came_on": one.day, "treated_on": one.day, "provider": "Melati"},
            **{"diagnosis": "batuk", "bill1_amount": "150", "bill1_currency": "IDR", "pay_to": one.pay_to},
            "paper_receipt": SimpleUploadedFile("scan.jpg", b"scan"),
        },
    )
    assert answer.status_code == 302, answer.content


def pay_by_run(one: Claimant) -> None:
    """What a claim is granted goes into a payment run. It is withdrawn, made anew, signed by two, fetched, paid."""
    key = one.draft()
    one.does(key, "submit")
    one.core(key, "decision", one.decision(key, "70.00"))
    profile, signers = (
        market("id"),
        (Actor("staff", "4", ADDRESS, CLIENT), Actor("staff", "5", ADDRESS, CLIENT)),
    )
    first = make_run(profile=profile, by=OPERATOR).run
    assert first is not None
    withdraw_run(profile=profile, number=first.number, by=OPERATOR)
    run = make_run(profile=profile, by=OPERATOR).run
    assert run is not None
    for signer in signers:
        sign(profile=profile, number=run.number, figures=figures_of(run), by=signer, concerned=lambda _cover: False)
    fetch_file(profile=profile, number=run.number, by=OPERATOR)
    result = Result(2, run.lines.get().reference, "paid", profile.today())
    assert [one.came_to for one in take_results(profile=profile, results=[result], by=OPERATOR)] == ["taken"]


def be_billed_by_a_clinic(one: Claimant) -> None:
    """The core system sends a clinic's bill, and the member says that the treatment was theirs."""
    line = {"date": one.day, "benefit": "doctor", "amount": "50.00", "currency": "IDR"}
    row = Membership.objects.select_related("policy").get(pk=one.membership)
    named = {"policy_number": row.policy.number, "participant_number": row.participant_number}
    body = {"id": "b1", **named, "provider": "Melati", "lines": [line]}
    address = "/api/v1/id/partner/clinic-bills"
    answer = Client().post(address, json.dumps(body), content_type="application/json", headers=one.bearer)
    assert answer.status_code == 200, answer.content
    billed = Claim.objects.get(number=answer.json()["number"])
    one.does(str(billed.pk), "clinic-bill", is_mine=True)


def be_assessed_at_the_desk(one: Claimant) -> None:
    """Staff take a claim, put it back, hand it over, change a line, send it to a second person and get it back.

    Then they decide, take that back, and decide again, which is stopped.
    """
    key = one.draft()
    one.does(key, "submit")
    claim = Claim.objects.get(pk=key)
    rina, maya = (replace(staff, address=ADDRESS, client=CLIENT) for staff in (RINA.actor, MAYA.actor))
    in_hand.take(claim=claim, staff=RINA, by=rina)
    in_hand.put_back(claim=claim, staff=RINA, by=rina)
    in_hand.hand_over(claim=claim, staff=MAYA, to=RINA, by=maya)
    more = TypedLine(granted=Decimal(150))  # than the rules allow
    save_line(claim=claim, line=claim.lines.get().pk, typed=more, version=1, staff=RINA, by=rina)
    decide(claim=claim, version=2, previewed="", staff=RINA, by=rina)
    look(claim=claim, because=Because.COLLEAGUE_ASKS, staff=RINA, by=rina)
    in_hand.take(claim=claim, staff=MAYA, by=maya)
    send_back(claim=claim, remark="Why?", staff=MAYA, by=maya)
    in_hand.take(claim=claim, staff=RINA, by=rina)
    less = TypedLine(granted=Decimal(80), reason="over_usual_price")
    save_line(claim=claim, line=claim.lines.get().pk, typed=less, version=2, staff=RINA, by=rina)
    waiting.enter(claim=claim, version=3, previewed="", staff=RINA, by=rina)
    waiting.take_back(claim=claim, staff=RINA, by=rina)
    waiting.enter(claim=claim, version=3, previewed="", staff=RINA, by=rina)
    waiting.record_waiting(claim.waiting_decision.pk)  # stopped: nobody with this key works here any more
    person = one.account.person
    enter_relation(staff=RINA.pk, person=person, by=maya)
    remove_relation(staff=RINA.pk, person=person, by=maya)
