"""Makes the JSON of claims for the core system."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from mypolis.foundation.files.models import ReceivedFile, owner_key
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.as_json.documents import amount, appeal_document, file_document
from mypolis.insurance.claims.clinic_bills.answers import answer_about
from mypolis.insurance.claims.lifecycle.paying import Transfer, transfer_of
from mypolis.insurance.claims.models import Claim, ClinicBill, DecidedLine, Decision, Line
from mypolis.membership.people.models import Membership


def core_documents(keys: Sequence[UUID]) -> list[dict[str, Any]]:
    """Sent claims in the order of the keys; the number of queries does not depend on their number."""
    decisions = Decision.objects.select_related("appeal").prefetch_related("lines", "appeal__files")
    rows = (
        Claim.objects.filter(pk__in=keys)
        .select_related("membership__policy", "membership__person", "pay_to", "clinic_bill", "clinic_bill_answer")
        .prefetch_related("questions__files", "payments")
        .prefetch_related(Prefetch("lines", Line.objects.select_related("same_case_as")))
        .prefetch_related(Prefetch("decisions", decisions))
    )
    claims = {claim.pk: claim for claim in rows}
    found = [claims[key] for key in keys if key in claims]
    files: dict[str, list[ReceivedFile]] = defaultdict(list)
    for file in ReceivedFile.objects.of_any(found).order_by("received_at"):
        files[file.owner].append(file)
    return [_document(claim, files[owner_key(claim)]) for claim in found]


def _document(claim: Claim, files: Sequence[ReceivedFile]) -> dict[str, Any]:
    decision = claim.last_decision
    decided = {row.line_id: row for row in decision.lines.all()} if decision else {}
    payment = transfer_of(claim)
    return {
        "number": claim.number,
        "id": str(claim.pk),
        "version": claim.version,
        "state": claim.state,
        "origin": claim.origin,
        "clinic_bill": _clinic_bill(claim) if claim.origin == "clinic" else None,
        "for_whom": _insured(claim.membership),
        "benefit": claim.benefit,
        "treated_on": claim.treated_on,
        "until": claim.until,
        "provider": claim.provider,
        "diagnosis": claim.diagnosis,
        "details": {name: value for name, value in claim.details.items() if value},
        "lines": [_line(line, decided.get(line.pk)) for line in claim.lines.all()],
        "files": [{**file_document(file), "kind": file.kind} for file in files],
        "questions": [
            {
                "id": question.external_id,
                "text": question.text,
                "asked_at": question.asked_at,
                "answered_at": question.answered_at,
                "answer": question.answer,
                "cannot": question.cannot,
                "files": [str(file.pk) for file in question.files.all()],
            }
            for question in claim.questions.all()
        ],
        "pay_to": _payee(claim.pay_to) if claim.pay_to else None,
        "decision": _decision(decision) if decision else None,
        "appeal": appeal_document(decision.its_appeal if decision else None),
        "payment": _payment(payment) if payment else None,
        "sent_at": claim.sent_at,
        "received_at": claim.received_at,
        "promised_by": claim.promised_by,
        "changed_at": claim.touched_at,
    }


def _clinic_bill(claim: Claim) -> dict[str, Any]:
    bill: ClinicBill | None = getattr(claim, "clinic_bill", None)
    said = answer_about(claim)
    answer = {"is_mine": said.is_mine, "text": said.text, "at": said.at} if said else None
    return {"id": bill.external_id if bill else "", "answer": answer}


def _insured(row: Membership) -> dict[str, Any]:
    return {
        "membership": str(row.pk),
        "policy_type": row.policy.type,
        "policy_number": row.policy.number,
        "participant_number": row.participant_number,
        "employee_number": row.employee_number,
        "name": row.person.display_name,
        "birth_date": row.person.birth_date,
    }


def _line(line: Line, decided: DecidedLine | None) -> dict[str, Any]:
    return {
        "id": str(line.pk),
        "date": line.date,
        "until": line.until,
        "benefit": line.benefit,
        "text": line.text,
        "number": line.number,
        "count": line.count,
        "same_case_as": line.same_case_as.number if line.same_case_as else None,
        "in_network": line.in_network,
        "amount": amount(line.amount) if line.amount is not None else None,
        "currency": line.currency or None,
        "granted": amount(decided.granted) if decided else None,
        "own_share": amount(decided.own_share) if decided else None,
        "reasons": [cut["code"] for cut in decided.cuts] if decided else None,
    }


def _payee(account: BankAccount) -> dict[str, Any]:
    return {
        "kind": account.kind,
        "bank": account.bank,
        "number": account.number,
        "holder": account.holder,
        "is_new": account.is_recently_changed,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.external_id,
        "source": decision.source,
        "outcome": decision.outcome,
        "at": decision.at,
    }


def _payment(payment: Transfer) -> dict[str, Any]:
    return {
        "state": payment.state,
        "at": payment.at,
        "code": payment.code,
        "amount": amount(payment.money.amount),
        "currency": payment.money.currency,
    }
