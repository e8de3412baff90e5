"""The core system decides, asks and reports payments: idempotent, and in any order."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.insurance.claims.lifecycle.deciding import Contradicting, LineDecision, Verdict, decide
from mypolis.insurance.claims.lifecycle.following import Answer, answer, appeal, withdraw
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.models import Claim, CoreReport, Decision, Payment
from mypolis.insurance.claims.rights import CLAIM_DECISIONS, CLAIMS
from mypolis.membership.accounts.models import Account
from tests.api.talk import assert_problem, told
from tests.claims.app import App
from tests.claims.core_system.program import BASE, Core, said
from tests.claims.verdicts import CORE
from tests.claims.world import actor, bill, changed, complete, draft, reread, sent
from tests.integrations.test_partner_api import Program


@pytest.fixture
def core(db: None) -> Core:
    return Core()


PAID = {"state": "paid", "at": "2026-11-20T09:00:00+07:00"}


# Who may


def test_each_operation_needs_its_right(budi: Account) -> None:
    claim = sent(budi)
    reader, decider = Core(CLAIMS.name), Core(CLAIM_DECISIONS.name)
    assert_problem(decider.get(BASE), 403)
    assert_problem(decider.get(f"{BASE}/{claim.number}/files/{uuid4()}"), 403)
    assert_problem(reader.decide(claim, said(claim)), 403)
    assert_problem(reader.ask(claim, {"id": "q", "text": "Why?"}), 403)
    assert_problem(reader.client.get(BASE), 401)
    assert Decision.objects.count() == 0


def test_a_program_of_another_market_and_an_unknown_number_find_nothing(core: Core, budi: Account) -> None:
    claim = sent(budi)
    other = Program(CLAIMS.name, CLAIM_DECISIONS.name, market="rs")
    assert_problem(other.post(f"{BASE}/{claim.number}/decision", said(claim)), 401)
    rs = BASE.replace("/id/", "/rs/")
    assert_problem(other.post(f"{rs}/{claim.number}/decision", said(claim)), 404)
    for number in ("C-2026-999999", "x", str(draft(budi).pk)):
        assert_problem(core.post(f"{BASE}/{number}/decision", said(claim)), 404)


# What is refused


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "x" * 65}, "id"),
        ({"at": "2026-11-20T09:00:00"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"at": 1764500000}, "at"),
        ({"outcome": "paid"}, "outcome"),
        ({"lines": []}, "lines"),
        ({"note": "x"}, "note"),
        ({"payment": {"state": "gone"}}, "state"),
        ({"payment": {"state": "paid", "when": "now"}}, "when"),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused(core: Core, budi: Account, change: dict[str, Any], field: str) -> None:
    claim = sent(budi)
    problem = assert_problem(core.decide(claim, said(claim) | change), 422)
    assert field in {error["field"] for error in problem["errors"]}


@pytest.mark.parametrize("granted", ["-1", "1,5", "1.234", "1e3", "", "NaN", 100, None])
def test_a_sum_is_read_strictly(core: Core, budi: Account, granted: Any) -> None:
    claim = sent(budi)
    assert_problem(core.decide(claim, said(claim, granted)), 422)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"outcome": "approved"}, "with a reason|not granted in full"),
        ({"outcome": "rejected"}, "is granted"),
        ({"at": "2999-01-01T00:00:00+00:00"}, "future"),
        ({"payment": {"state": "failed", "at": PAID["at"]}}, "code"),
        ({"payment": {"state": "failed", "at": PAID["at"], "code": "excluded"}}, "code"),
        ({"payment": {"state": "paid"}}, "time"),
        ({"payment": PAID | {"amount": "150.00"}}, "of 100"),
        ({"payment": PAID | {"currency": "EUR"}}, "in IDR"),
    ],
)
def test_what_contradicts_itself_changes_nothing(core: Core, budi: Account, body: dict[str, Any], problem: str) -> None:
    claim = sent(budi)
    found = assert_problem(core.decide(claim, said(claim) | body), 422)
    assert any(part in found["errors"][0]["message"] for part in problem.split("|")), found
    assert (Decision.objects.count(), Payment.objects.count(), reread(claim).state) == (0, 0, "received")


def test_a_decision_names_every_line_once(core: Core, budi: Account) -> None:
    claim = sent(budi, bill(budi), bill(budi, "10"))
    first, second = ({"line": str(line.pk), "granted": "1.00", "reasons": ["share"]} for line in claim.lines.all())
    for lines in ([first], [first, first], [first, second, first], [first, second | {"line": str(uuid4())}]):
        body = {"id": "d", "at": timezone.now().isoformat(), "outcome": "partly_approved", "lines": lines}
        assert_problem(core.decide(claim, body), 422)


def test_a_claim_that_was_withdrawn_is_not_decided(core: Core, budi: Account) -> None:
    claim = sent(budi)
    withdraw(account=budi, claim=claim.pk, by=actor(budi))
    problem = assert_problem(core.decide(claim, said(claim)), 409)
    assert problem["state"] == "withdrawn"


def test_a_rejected_claim_is_not_paid(core: Core, budi: Account) -> None:
    claim = sent(budi)
    problem = assert_problem(core.decide(claim, said(claim, "0", "rejected", payment=PAID)), 422)
    assert problem["errors"][0]["message"] == "there is nothing to pay"
    assert Decision.objects.count() == 0


# Decisions, again and out of order


def test_the_same_id_gives_the_same_answer_and_with_something_else_a_409(core: Core, budi: Account) -> None:
    claim = sent(budi)
    body = said(claim)
    first = core.decide(claim, body)
    assert (first.status_code, first.json()["came_to"]) == (200, "decided")
    core.decide(claim, said(claim, "150", "approved", key="d2"))
    assert core.decide(claim, body).json() == first.json()
    for other in (body | {"outcome": "rejected"}, body | {"payment": PAID}, said(claim, "99.00")):
        assert assert_problem(core.decide(claim, other), 409)["type"].endswith("id-reused")
    assert Decision.objects.count() == 2
    event = Event.objects.filter(kind="claim.decided").earliest("pk")
    assert (event.actor_kind, event.actor_id) == ("partner", str(core.token.pk))


def test_an_older_decision_changes_nothing_and_says_so_every_time(core: Core, budi: Account) -> None:
    claim, now = sent(budi), timezone.now()
    core.decide(claim, said(claim, "120.00", key="new", at=now))
    late = said(claim, "50.00", key="old", at=now - timedelta(minutes=5))
    first, again = core.decide(claim, late), core.decide(claim, late)
    assert (first.json(), first.json()["came_to"]) == (again.json(), "older")
    assert_problem(core.decide(claim, said(claim, "60.00", key="old")), 409)
    assert [row.granted for row in Decision.objects.get().lines.all()] == [120]


def test_the_member_reads_what_the_core_system_decided(core: Core, budi: Account) -> None:
    claim = sent(budi)
    core.decide(claim, said(claim))
    shown = App(budi).claim(claim)
    assert (shown["state"], shown["lines"][0]["granted"]) == ("to_be_paid", "100.00")
    assert shown["lines"][0]["reasons"][0]["code"] == "limit_visit"


def test_a_foreign_bill_needs_a_rate(core: Core, budi: Account) -> None:
    claim = complete(budi)
    changed(budi, claim, lines=[bill(budi, "10.00", currency="EUR")])
    submit(account=budi, claim=claim.pk, by=actor(budi))
    claim = reread(claim)
    body = said(claim, "150000.00")
    assert "a rate is needed" in assert_problem(core.decide(claim, body), 422)["errors"][0]["message"]
    body["lines"][0]["rate"] = "17500.5"
    assert core.decide(claim, body).status_code == 200
    row = Decision.objects.get().lines.get()
    assert (row.billed, row.own_share, row.currency) == (175005, 25005, "IDR")


# Payments


def test_a_decision_may_come_with_its_payment(core: Core, budi: Account) -> None:
    claim = sent(budi)
    core.decide(claim, said(claim, payment=PAID | {"amount": "100.00", "currency": "IDR"}))
    assert reread(claim).state == "paid"
    assert App(budi).claim(claim)["payment"]["at"] == "2026-11-20T02:00:00Z"


def test_a_payment_may_come_later_under_a_new_id(core: Core, budi: Account) -> None:
    claim = sent(budi)
    body = said(claim)
    core.decide(claim, body)
    later = body | {"id": "p1", "payment": PAID}
    first, again = core.decide(claim, later), core.decide(claim, later)
    assert (first.json(), first.json()["came_to"]) == (again.json(), "paid")
    assert (reread(claim).state, Decision.objects.count(), CoreReport.objects.count()) == ("paid", 1, 1)
    assert core.decide(claim, later | {"id": "p2"}).json()["came_to"] == "unchanged"
    assert_problem(core.decide(claim, later | {"payment": None}), 409)


def test_a_payment_that_failed_is_told_with_its_reason_and_paid_again(core: Core, budi: Account) -> None:
    claim = sent(budi)
    body = said(claim)
    core.decide(claim, body)
    failed = {"state": "failed", "at": PAID["at"], "code": "account_closed"}
    core.decide(claim, body | {"id": "p1", "payment": failed})
    assert reread(claim).state == "payment_failed"
    core.decide(claim, body | {"id": "p2", "payment": PAID})
    core.decide(claim, body | {"id": "p3", "payment": failed})
    assert reread(claim).state == "paid"


def test_the_payment_of_an_older_decision_changes_nothing(core: Core, budi: Account) -> None:
    claim, now = sent(budi), timezone.now()
    old = said(claim, "50.00", key="a", at=now - timedelta(minutes=9))
    core.decide(claim, old)
    core.decide(claim, said(claim, "60.00", key="b", at=now))
    assert core.decide(claim, old | {"id": "p", "payment": PAID}).json()["came_to"] == "older"
    assert reread(claim).state == "to_be_paid"


def test_what_is_to_be_paid_follows_the_decision_that_holds(core: Core, budi: Account) -> None:
    claim = sent(budi)
    for key, granted, amounts in (("a", "100.00", [100]), ("b", "40.00", [40]), ("c", "90.00", [40, 50])):
        core.decide(claim, said(claim, granted, key=key))
        assert [one.amount for one in Payment.objects.order_by("pk")] == amounts
    core.decide(claim, said(claim, "0.00", "rejected", key="d"))
    assert (Payment.objects.count(), reread(claim).state) == (0, "rejected")
    core.decide(claim, said(claim, "120.00", key="e", payment=PAID | {"amount": "120.00"}))
    core.decide(claim, said(claim, "130.00", key="f"))
    assert [(one.amount, one.state) for one in Payment.objects.order_by("pk")] == [(120, "paid"), (10, "to_be_paid")]
    core.decide(claim, said(claim, "80.00", key="g"))
    shown = App(budi).claim(claim)
    assert [one.amount for one in Payment.objects.all()] == [120]
    assert (shown["state"], shown["next"]) == ("paid", None)


# Questions


def test_a_question_is_asked_once_and_stops_the_clock(core: Core, budi: Account) -> None:
    claim = sent(budi)
    body = {"id": "q1", "text": "Please send the report.\nBoth pages.", "document": "receipt"}
    first, again = core.ask(claim, body), core.ask(claim, body)
    assert first.json() == again.json()
    assert reread(claim).state == "waiting_for_member"
    assert_problem(core.ask(claim, body | {"text": "Something else?"}), 409)
    version = reread(claim).version
    assert core.ask(claim, {"id": "q2", "text": "And why?"}).status_code == 200
    assert (reread(claim).version, claim.questions.count()) == (version + 1, 2)
    assert Event.objects.filter(kind="claim.asked").count() == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "a\u202eb"}, "text"),
        ({"document": "x-ray"}, "document"),
        ({"id": ""}, "id"),
        ({"lines": []}, "lines"),
    ],
)
def test_a_question_that_cannot_be_used_is_refused(core: Core, budi: Account, body: dict[str, Any], field: str) -> None:
    claim = sent(budi)
    problem = assert_problem(core.ask(claim, {"id": "q", "text": "Why?"} | body), 422)
    assert {error["field"] for error in problem["errors"]} == {field}


def test_a_decided_claim_is_not_asked_about(core: Core, budi: Account) -> None:
    claim = sent(budi)
    core.decide(claim, said(claim))
    assert told(assert_problem(core.ask(claim, {"id": "q", "text": "Why?"}), 409)) == set()


def test_the_core_system_reads_answers_and_appeals(core: Core, budi: Account) -> None:
    claim = sent(budi)
    core.ask(claim, {"id": "q1", "text": "Why?"})
    question = claim.questions.get()
    answer(account=budi, claim=claim.pk, answers={question.pk: Answer(text="A cough.")}, by=actor(budi))
    core.decide(claim, said(claim))
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    (read,) = core.everything()[0]
    assert [(one["id"], one["answer"]) for one in read["questions"]] == [("q1", "A cough.")]
    assert (read["state"], read["appeal"]["text"], read["decision"]["id"]) == (
        "appealed",
        "The limit is higher.",
        "d1",
    )
    assert read["payment"]["amount"] == "100.00"
    assert Claim.objects.count() == 1


# Currencies


def test_a_rate_is_more_than_zero_and_only_for_bills_in_another_currency(core: Core, budi: Account) -> None:
    foreign, ours = sent(budi, bill(budi, "100", currency="EUR")), sent(budi, bill(budi, "100"))
    for claim, rate, granted in ((foreign, "0", "100.00"), (foreign, "0.00", "0.00"), (ours, "1000", "100000.00")):
        message = said(claim, granted, "approved")
        message["lines"][0]["rate"] = rate
        assert_problem(core.decide(claim, message), 422)
        assert not claim.decisions.exists()
    message = said(ours, "100.00", "approved")
    message["lines"][0]["rate"] = "1"
    assert core.decide(ours, message).json()["came_to"] == "decided"


def test_a_later_decision_may_have_another_rate(core: Core, budi: Account) -> None:
    claim = sent(budi, bill(budi, "10.00", currency="EUR"))
    for key, rate in (("d1", "17500"), ("d2", "18000")):
        message = said(claim, "150000.00", key=key)
        message["lines"][0]["rate"] = rate
        assert core.decide(claim, message).json()["came_to"] == "decided"
    rows = [decision.lines.get() for decision in claim.decisions.order_by("number")]
    assert [(row.billed, row.own_share) for row in rows] == [(175_000, 25_000), (180_000, 30_000)]


def test_a_sum_that_cannot_be_stored_is_refused(core: Core, budi: Account) -> None:
    claim = sent(budi, bill(budi, "999999999.00", currency="EUR"))
    message = said(claim, "100.00")
    message["lines"][0]["rate"] = "99999999"
    assert "too large" in assert_problem(core.decide(claim, message), 422)["errors"][0]["message"]


def test_a_payment_is_in_one_currency(budi: Account) -> None:
    claim = sent(budi, bill(budi, "100"), bill(budi, "70", currency="USD"))
    lines = tuple(LineDecision(line=line.pk, granted=line.amount, currency=line.currency) for line in claim.lines.all())
    with pytest.raises(Contradicting, match="several currencies"):
        decide(claim=claim, verdict=Verdict(id="d1", at=timezone.now(), outcome="approved", lines=lines), by=CORE)
