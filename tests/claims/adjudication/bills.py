"""Plans, bills and situations for tests of adjudication, without a database."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from mypolis.insurance.claims.adjudication.lines import AdjudicatedLine, ClaimLine, Cut, ExcessBucket, Situation
from mypolis.insurance.claims.adjudication.rules import adjudicate
from mypolis.insurance.coverage.ledger.arithmetic import Ask, Taken
from mypolis.insurance.coverage.plan_books.plan import Benefit, Limit, PlanDocument

START = date(2026, 1, 1)
DAY = date(2026, 3, 5)
SENT = date(2026, 12, 31)
TEXT = {"en": "Text", "id": "Teks"}


def benefit(key: str, kind: str = "outpatient", **more: Any) -> Benefit:
    values = {"key": key, "type": kind, "name": {"en": key}, "explanation": TEXT, "what_to_do": TEXT}
    return Benefit.model_validate(values | {"reimbursement": 100} | more)


def limit(on: str, per: str, size: Any, measure: str = "amount", **more: Any) -> Limit:
    values = {"key": f"{on}.{per}.{measure}", "benefits": tuple(on.split()), "per": per, "measure": measure}
    return Limit.model_validate(values | {"size": size} | more)


def plan(benefits: Sequence[Benefit], *limits: Limit, **more: Any) -> PlanDocument:
    network = {"key": "n", "name": TEXT, "explanation": TEXT}
    values = {"market": "id", "product": "health", "product_name": TEXT, "key": "gold", "name": TEXT}
    values |= {"explanation": TEXT, "currency": "IDR", "year": "calendar", "network": network}
    return PlanDocument.model_validate(values | {"benefits": tuple(benefits), "limits": limits} | more)


def line(amount: Any, on: str = "doctor", day: date = DAY, key: str = "1", **more: Any) -> ClaimLine:
    sum_ = None if amount is None else Decimal(str(amount))
    return ClaimLine(key=key, day=day, benefit=on, amount=sum_, **more)


def situation(
    of: PlanDocument | None, taken: dict[str, Taken] | None = None, borne: dict[str, Any] | None = None, **more: Any
) -> Situation:
    """A member under one plan; `taken` is by key of the limit, `borne` by the benefit of the excess."""

    def in_bucket(limit: Limit, ask: Ask) -> Taken:
        return (taken or {}).get(limit.key, Taken())

    def of_excess(bucket: ExcessBucket) -> Decimal:
        return Decimal((borne or {}).get(bucket.benefit, 0))

    values: dict[str, Any] = {
        "member": 1,
        "start": START,
        "end": None,
        "policy_start": START,
        "plan_on": lambda _day: of,
        "taken": in_bucket,
        "borne": of_excess,
        "sent_on": SENT,
        "filing_days": 365,
    }
    return Situation(**values | more)


def used(amount: Any = 0, count: int = 0, days: Sequence[date] = ()) -> Taken:
    return Taken(Decimal(amount), count, frozenset(days))


def decided(lines: Sequence[ClaimLine], in_: Situation) -> list[AdjudicatedLine]:
    """All lines in the order of their keys, each checked to add up."""
    found = sorted(adjudicate(lines, in_), key=lambda one: one.line.key)
    for one in found:
        if not one.questions:
            assert one.granted + one.own == one.billed
            assert sum((cut.amount for cut in one.cuts), Decimal(0)) == one.own
            assert sum((day.granted.amount for day in one.days), Decimal(0)) == one.granted
    return found


def cuts(one: AdjudicatedLine) -> dict[str, Decimal]:
    return {cut.code: cut.amount for cut in one.cuts}


def cut(one: AdjudicatedLine, code: str) -> Cut:
    return next(cut for cut in one.cuts if cut.code == code)
