"""A program sends bills that clinics sent directly, once each, and reads what members say about them."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from mypolis.foundation.events.models import Event
from mypolis.insurance.claims.clinic_bills.answering import answer_bill
from mypolis.insurance.claims.core_system import clinic_bills
from mypolis.insurance.claims.decisions.by_rules import adjudicate_claims
from mypolis.insurance.claims.models import Claim, ClinicBill, Question
from mypolis.insurance.claims.repeats import repeated
from mypolis.insurance.claims.rights import CLAIM_DECISIONS, CLAIMS, CLINIC_BILLS
from mypolis.membership.accounts.models import Account
from tests.api.talk import assert_problem, told
from tests.cast import AYU, on_file
from tests.claims.app import App
from tests.claims.core_system.program import Core, said
from tests.claims.pages.reading import CORE, Reader
from tests.claims.world import actor, bill, complete, cover, reread, sent, today
from tests.integrations.test_partner_api import Program

BILLS = "/api/v1/id/partner/clinic-bills"


@pytest.fixture
def core(db: None) -> Core:
    return Core()


def a_bill(account: Account, **changes: Any) -> dict[str, Any]:
    """A bill of one line about Budi, of three days ago."""
    day = (today(account) - timedelta(days=3)).isoformat()
    line = {"date": day, "benefit": "doctor", "number": "INV-17", "amount": "150.00", "currency": "IDR"}
    named = {"policy_number": "GRP-88", "participant_number": "000123"}
    return {"id": "b1", **named, "provider": "Klinik Melati", "lines": [line | changes.pop("line", {})], **changes}


def billed(core: Core, account: Account, **changes: Any) -> Claim:
    """The claim of a bill that the program sent."""
    answer = core.bill(a_bill(account, **changes))
    assert answer.status_code == 200, answer.content
    return Claim.objects.get(number=answer.json()["number"])


# Sending


def test_a_bill_becomes_a_claim_that_its_member_sees_and_is_asked_about(core: Core, budi: Account) -> None:
    claim = billed(core, budi, line={"until": today(budi).isoformat(), "count": 2, "text": "Rawat inap"})
    assert (claim.origin, claim.state, claim.membership, claim.account) == ("clinic", "received", cover(budi), None)
    line = claim.lines.get()
    assert (line.text, line.number, line.count, line.until, line.amount) == (
        "Rawat inap",
        "INV-17",
        2,
        today(budi),
        150,
    )
    page = Reader(budi).read(f"/id/claims/{claim.pk}/")
    assert "Was this you?" in page
    assert "Klinik Melati billed us directly." in page
    event = Event.objects.get(kind="claim.billed_by_clinic")
    assert (event.actor_kind, event.actor_id, event.facts) == ("partner", str(core.token.pk), {"lines": 1})


def test_the_same_bill_again_gives_the_same_answer_and_another_under_its_id_a_409(core: Core, budi: Account) -> None:
    first, again = core.bill(a_bill(budi)), core.bill(a_bill(budi, line={"amount": "150"}))
    assert first.json() == again.json()
    for other in (a_bill(budi, provider="Klinik Mawar"), a_bill(budi, line={"amount": "151.00"})):
        assert assert_problem(core.bill(other), 409)["type"].endswith("id-reused")
    assert (Claim.objects.count(), Event.objects.filter(kind="claim.billed_by_clinic").count()) == (1, 1)
    assert core.bill(a_bill(budi, id="b2")).json()["number"] != first.json()["number"]


def test_the_same_bill_gives_the_same_answer_even_when_its_member_has_left(core: Core, budi: Account) -> None:
    first = core.bill(a_bill(budi))
    row = cover(budi)
    row.policy.number_key = "GRP99"
    row.policy.save()
    assert core.bill(a_bill(budi)).json() == first.json()
    assert_problem(core.bill(a_bill(budi, id="b2")), 422)


def test_of_two_requests_at_once_one_records_the_bill(
    core: Core, budi: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = core.bill(a_bill(budi))
    look, looks = clinic_bills._known, count()
    monkeypatch.setattr(clinic_bills, "_known", lambda *named: look(*named) if next(looks) else None)  # once too early
    assert core.bill(a_bill(budi)).json() == first.json()
    assert (Claim.objects.count(), ClinicBill.objects.count()) == (1, 1)


def test_each_market_has_ids_of_its_own(core: Core, budi: Account) -> None:
    billed(core, budi)
    claim = Claim.objects.get()
    Claim.objects.filter(pk=claim.pk).update(market="rs")
    ClinicBill.objects.update(market="rs")
    assert billed(core, budi).pk != claim.pk


def test_a_bill_can_only_be_sent_with_its_right(core: Core, budi: Account) -> None:
    assert_problem(Core(CLAIMS.name, CLAIM_DECISIONS.name).bill(a_bill(budi)), 403)
    assert_problem(Program(CLINIC_BILLS.name, market="rs").post(BILLS, a_bill(budi)), 401)
    settler = Core(CLINIC_BILLS.name)
    number = settler.bill(a_bill(budi)).json()["number"]
    assert_problem(settler.decide(Claim.objects.get(number=number), said(Claim.objects.get())), 403)


def test_a_member_can_be_named_by_another_number(core: Core, budi: Account) -> None:
    row = cover(budi)
    row.employee_number, row.relation = "E-7", "employee"
    row.save()
    assert billed(core, budi, participant_number="", employee_number="E-7").membership == row
    assert billed(core, budi, id="b2", policy_type="group", policy_number="grp 88").membership == row


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"policy_number": "GRP-89"}, "policy_number", "unknown_policy"),
        ({"policy_type": "individual"}, "policy_number", "unknown_policy"),
        ({"participant_number": "000999"}, "participant_number", "unknown_member"),
        ({"participant_number": "", "employee_number": "E-1"}, "employee_number", "unknown_member"),
        ({"participant_number": ""}, "policy_number", "ambiguous_member"),
        ({"line": {"benefit": "rocket"}}, "lines.0.benefit", "not_in_plan"),
        ({"line": {"date": "1999-01-01"}}, "lines.0.benefit", "no_plan"),
        ({"line": {"amount": "0.00"}}, "lines.0.amount", "not_positive"),
        ({"line": {"until": "2020-01-01"}}, "lines.0.until", "before"),
        ({"line": {"date": "2199-01-01"}}, "lines.0.date", "future"),
        ({"provider": "a\u202eb"}, "text", "unsafe"),
    ],
)
def test_a_bill_that_cannot_be_used_is_refused_with_its_field(
    core: Core, budi: Account, siti: Account, change: dict[str, Any], field: str, code: str
) -> None:
    assert (field, code) in told(assert_problem(core.bill(a_bill(budi, **change)), 422))
    assert (Claim.objects.count(), ClinicBill.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "a b"}, "id"),
        ({"provider": ""}, "provider"),
        ({"lines": []}, "lines"),
        ({"note": "x"}, "note"),
        ({"line": {"date": 20261120}}, "date"),
        ({"line": {"date": "20.11.2026"}}, "date"),
        ({"line": {"date": "0001-01-01"}}, "date"),
        ({"line": {"amount": 150}}, "amount"),
        ({"line": {"amount": "-1"}}, "amount"),
        ({"line": {"currency": "idr"}}, "currency"),
        ({"line": {"count": 0}}, "count"),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused(core: Core, budi: Account, change: dict[str, Any], field: str) -> None:
    problem = assert_problem(core.bill(a_bill(budi, **change)), 422)
    assert field in {error["field"].rpartition(".")[2] for error in problem["errors"]}
    assert Claim.objects.count() == 0


def test_on_a_policy_with_one_member_its_number_is_enough(core: Core, budi: Account) -> None:
    row = on_file(AYU).memberships.get()
    row.plan = "gold"
    row.save()
    assert billed(core, budi, policy_number="IND-7", participant_number="").membership == row


def test_a_bill_that_the_member_sends_as_well_is_found_again(core: Core, budi: Account) -> None:
    claim = billed(core, budi)
    own = complete(budi, "doctor", bill(budi, number="INV-17"))
    assert repeated(own) == {str(own.lines.get().pk): claim}


# Was this you?


def test_the_program_reads_what_the_member_says(core: Core, budi: Account) -> None:
    claim, own = billed(core, budi), sent(budi)

    def read() -> dict[str, Any]:
        return {one["number"]: one for one in core.changed()["claims"]}

    assert read()[own.number]["clinic_bill"] is None
    assert read()[claim.number]["clinic_bill"] == {"id": "b1", "answer": None}
    for version, is_mine, text in ((2, False, "I was abroad."), (3, True, "")):
        answer_bill(account=budi, claim=claim.pk, is_mine=is_mine, text=text, by=actor(budi))
        found = read()[claim.number]
        answer = found["clinic_bill"]["answer"]
        assert (found["version"], answer["is_mine"], answer["text"]) == (version, is_mine, text)
        assert Event.objects.filter(kind="claim.clinic_bill_answered").latest("pk").facts == {"is_mine": is_mine}


def test_saying_the_same_again_changes_nothing(core: Core, budi: Account) -> None:
    claim = billed(core, budi)
    for _time in range(2):
        answer_bill(account=budi, claim=claim.pk, is_mine=False, text=" abroad ", by=actor(budi))
    assert reread(claim).version == claim.version + 1
    assert Event.objects.filter(kind="claim.clinic_bill_answered").count() == 1


def test_an_app_lists_the_bill_and_says_whose_it_is(core: Core, budi: Account) -> None:
    claim, app = billed(core, budi), App(budi)
    (listed,) = app.get("claims").json()["claims"]
    assert (listed["origin"], listed["clinic_bill"], listed["can"]) == ("clinic", {"is_mine": None, "at": None}, [])
    assert "Did this treatment take place?" in listed["next"]["text"]
    answer = app.post(f"claims/{claim.pk}/clinic-bill", {"is_mine": False, "text": "I was abroad."})
    assert (answer.status_code, answer.json()["clinic_bill"]["is_mine"]) == (200, False)
    assert answer.json()["next"]["text"] == "We look into this bill before we pay it."
    assert claim.clinic_bill_answer.text == "I was abroad."


def test_an_app_cannot_answer_about_claims_that_no_clinic_billed(core: Core, budi: Account, siti: Account) -> None:
    claim, own = billed(core, budi), sent(budi)
    assert_problem(App(budi).post(f"claims/{own.pk}/clinic-bill", {"is_mine": True}), 404)
    assert_problem(App(siti).post(f"claims/{claim.pk}/clinic-bill", {"is_mine": True}), 404)
    for body in ({}, {"is_mine": "no"}, {"is_mine": None}, {"is_mine": True, "x": 1}):
        assert_problem(App(budi).post(f"claims/{claim.pk}/clinic-bill", body), 422)
    assert App(budi).claim(own)["clinic_bill"] is None


def test_the_home_page_asks_until_the_member_says_something(core: Core, budi: Account) -> None:
    claim, reader = billed(core, budi), Reader(budi)
    asked = f"Claim {claim.number} Did this treatment take place? Please answer."
    assert asked in reader.read("/id/home/")
    answer_bill(account=budi, claim=claim.pk, is_mine=True, by=actor(budi))
    page = reader.read("/id/home/")
    assert asked not in page
    assert "We settle the bill with the clinic." in page


def test_the_rules_do_not_decide_a_bill_that_is_not_theirs(core: Core, budi: Account) -> None:
    claim, other = billed(core, budi), billed(core, budi, id="b2", line={"amount": "10.00"})
    answer_bill(account=budi, claim=claim.pk, is_mine=False, by=actor(budi))
    report = adjudicate_claims(market="id", by=CORE)
    assert (report.decided, report.undecided) == (1, {claim.number: "not_theirs"})
    assert (reread(claim).state, reread(other).state != "received") == ("received", True)
    answer_bill(account=budi, claim=claim.pk, is_mine=True, by=actor(budi))
    assert adjudicate_claims(market="id", by=CORE).decided == 1


def test_after_no_the_member_reads_that_the_bill_was_looked_into(core: Core, budi: Account) -> None:
    claim, reader = billed(core, budi), Reader(budi)
    answer_bill(account=budi, claim=claim.pk, is_mine=False, by=actor(budi))
    assert "We look into this bill before we pay it" in reader.read("/id/claims/")
    body = said(claim, "0", "rejected")
    body["lines"][0]["reasons"] = ["bill_not_confirmed"]
    assert core.decide(claim, body).status_code == 200
    page = reader.read(f"/id/claims/{claim.pk}/")
    for words in ("We do not pay the clinic’s bill.", "We looked into it, and decided.", "please call us"):
        assert words in page
    assert "before we pay it" not in page


def test_nobody_is_asked_for_papers_of_a_clinics_bill(core: Core, budi: Account) -> None:
    claim = billed(core, budi)
    assert assert_problem(core.ask(claim, {"id": "q", "text": "Why?"}), 409)["state"] == "received"
    assert (Question.objects.count(), reread(claim).state) == (0, "received")


def test_a_bill_that_was_paid_asks_no_more_at_home(core: Core, budi: Account) -> None:
    claim = billed(core, budi)
    assert core.decide(claim, said(claim, "150.00", "approved")).status_code == 200
    assert claim.number not in Reader(budi).read("/id/home/")


def test_a_bill_of_a_day_before_the_cover_is_listed_and_the_rules_reject_it(core: Core, budi: Account) -> None:
    row = cover(budi)
    row.start = today(budi) - timedelta(days=1)
    row.save()
    claim = billed(core, budi)
    adjudicate_claims(market="id", by=CORE)
    assert claim.number in Reader(budi).read("/id/claims/")
    assert reread(claim).state == "rejected"
