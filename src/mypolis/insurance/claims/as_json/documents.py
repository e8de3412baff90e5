"""Makes the JSON of claims from what the presenters show."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.bank_accounts.access import accounts_for
from mypolis.insurance.claims.adjudication.reasons import sentence
from mypolis.insurance.claims.benefits import benefits_for
from mypolis.insurance.claims.clinic_bills.answers import answer_about
from mypolis.insurance.claims.decisions.ledger import estimate
from mypolis.insurance.claims.drafts.fields import DraftField, Section, needs_bills, treatment_fields
from mypolis.insurance.claims.lifecycle.paying import Transfer
from mypolis.insurance.claims.lifecycle.states import UNDECIDED
from mypolis.insurance.claims.models import Appeal, Claim
from mypolis.insurance.claims.payees import payee_of
from mypolis.insurance.claims.presenters import Reason, ShownClaim, ShownLine
from mypolis.insurance.coverage.plan_books.benefit_texts import say


def claim_document(shown: ShownClaim, *, is_in_list: bool = False) -> dict[str, Any]:
    """A claim as the member sees it. In a list, `estimate` and `sections` are null: they need further queries."""
    claim, payment = shown.claim, shown.payment
    return {
        "id": str(claim.pk),
        "number": claim.number or None,
        "version": claim.version,
        "state": claim.state,
        "origin": claim.origin,
        "clinic_bill": _clinic_bill(claim) if claim.origin == "clinic" else None,
        "entered": {"by": claim.came_by, "day": claim.came_on} if claim.came_by else None,
        "for": _for_whom(shown),
        "benefit": claim.benefit,
        "treated_on": claim.treated_on,
        "until": claim.until,
        "provider": claim.provider,
        "diagnosis": claim.diagnosis,
        "details": {name: value for name, value in claim.details.items() if value},
        "lines": [_line(line) for line in shown.lines],
        "documents": [
            {
                "kind": paper.kind,
                "name": paper.name,
                "required": paper.required,
                "files": [file_document(file) for file in paper.files],
            }
            for paper in shown.documents
        ],
        "missing": missing_documents(shown),
        "estimate": None if is_in_list else _estimate(claim),
        "pay_to": {"id": str(claim.pay_to.pk), **claim.pay_to.as_shown} if claim.pay_to else None,
        "requests": [
            {
                "id": str(question.pk),
                "text": question.text,
                "answered": question.answered_at is not None,
                "document": question.document or None,
                "files": [str(file.pk) for file in question.files.all()],
            }
            for question in claim.questions.all()
        ],
        "appeal": appeal_document(shown.appeal),
        "payment": payment_document(payment) if payment else None,
        "timeline": [vars(entry) for entry in shown.timeline],
        "next": vars(shown.next) if shown.next else None,
        "can": list(shown.can),
        "sections": _sections(shown) if "edit" in shown.can and not is_in_list else None,
        "limits_as_of": shown.limits_as_of,
    }


def missing_documents(shown: ShownClaim) -> list[dict[str, str]]:
    """What a draft lacks."""
    return [{"field": one.field, "text": one.text} for one in shown.missing]


def explanation_document(shown: ShownClaim) -> dict[str, Any]:
    """The explanation of benefits of a claim that was decided."""
    claim, decision = shown.claim, shown.claim.last_decision
    if decision is None or shown.granted is None or shown.own_share is None:
        raise ValueError("the claim is not decided")
    return {
        "number": claim.number,
        "outcome": decision.outcome,
        "decided_at": decision.at,
        "appeal_until": claim.appeal_until,
        "currency": shown.granted.currency,
        "billed": amount(shown.granted.amount + shown.own_share.amount),
        "granted": amount(shown.granted.amount),
        "own_share": amount(shown.own_share.amount),
        "lines": [_explained(line) for line in shown.lines if line.decided is not None],
        "payment": payment_document(shown.payment) if shown.payment else None,
    }


def file_document(file: ReceivedFile) -> dict[str, Any]:
    """A received file."""
    return {
        "id": str(file.pk),
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "pages": file.pages,
        "state": str(file.state),
        "reason": file.reason or None,
        "reason_text": file.refusal or None,
    }


def appeal_document(appeal: Appeal | None) -> dict[str, Any] | None:
    """An appeal, with the ids of its files."""
    if appeal is None:
        return None
    return {"text": appeal.text, "at": appeal.at, "files": [str(file.pk) for file in appeal.files.all()]}


def payment_document(payment: Transfer) -> dict[str, Any]:
    """What is paid, or on its way."""
    return {
        "state": payment.state,
        "at": payment.at,
        "amount": amount(payment.money.amount),
        "currency": payment.money.currency,
        "reason": sentence(payment.code, {}) if payment.code else None,
    }


def amount(value: Decimal) -> str:
    """A sum as JSON has it: two decimals after a point."""
    return f"{value:.2f}"


def _estimate(claim: Claim) -> dict[str, str] | None:
    """What the rules would grant now; None after a decision, and while there is nothing to compute with."""
    if not claim.is_draft and claim.in_state not in UNDECIDED:
        return None
    found = estimate(claim)
    if not found.lines or not found.currency:
        return None
    return {"granted": amount(found.granted), "own_share": amount(found.own_share), "currency": found.currency}


def _for_whom(shown: ShownClaim) -> dict[str, str]:
    membership = shown.claim.membership
    return {
        "membership": str(membership.pk),
        "name": shown.person_name,
        "policy_number": membership.policy.number,
        "participant_number": membership.participant_number,
    }


def _clinic_bill(claim: Claim) -> dict[str, Any]:
    said = answer_about(claim)
    return {"is_mine": said.is_mine if said else None, "at": said.at if said else None}


def _line(shown: ShownLine) -> dict[str, Any]:
    line, decided = shown.line, shown.decided
    return {
        "id": str(line.pk),
        "date": line.date,
        "until": line.until,
        "benefit": line.benefit,
        "text": line.text,
        "number": line.number,
        "count": line.count,
        "same_case_as": str(line.same_case_as_id) if line.same_case_as_id else None,
        "in_network": line.in_network,
        "amount": amount(line.amount) if line.amount is not None else None,
        "currency": line.currency or None,
        "granted": amount(decided.granted) if decided else None,
        "own_share": amount(decided.own_share) if decided else None,
        "reasons": _reasons(shown.reasons) if decided else None,
    }


def _explained(shown: ShownLine) -> dict[str, Any]:
    line, decided = shown.line, shown.decided
    if decided is None:
        raise ValueError("the line is not decided")
    return {
        "line": str(line.pk),
        "date": line.date,
        "benefit": shown.benefit_name,
        "text": line.text,
        "billed": amount(decided.billed),
        "granted": amount(decided.granted),
        "own_share": amount(decided.own_share),
        "reasons": _reasons(shown.reasons),
        "plan": decided.plan,
    }


def _reasons(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [
        {"code": one.code, "text": one.text, "amount": amount(one.amount) if one.amount is not None else None}
        for one in reasons
    ]


def _sections(shown: ShownClaim) -> list[dict[str, Any]]:
    claim, benefit = shown.claim, shown.benefit
    fields: dict[Section, list[dict[str, Any]]] = {
        "member": [_choice("benefit", _("What the claim is for"), _benefits(claim))],
        "treatment": [_field(field) for field in treatment_fields(benefit)] if benefit else [],
        "bills": [_described("lines", "lines", _("Bills"), is_required=benefit is None or needs_bills(benefit))],
        "documents": [],
        "pay": [_choice("pay_to", _("The account to which we pay"), _accounts(shown))],
    }
    return [{"name": name, "fields": found} for name, found in fields.items()]


def _benefits(claim: Claim) -> list[tuple[str, str]]:
    day = claim.treated_on or claim.profile.today()
    return [(benefit.key, say(benefit.name)) for benefit in benefits_for(claim.membership, day)]


def _accounts(shown: ShownClaim) -> list[tuple[str, str]]:
    return [(str(one.pk), one.shown) for one in accounts_for(payee_of(shown.claim, shown.account))]


def _field(field: DraftField) -> dict[str, Any]:
    return _described(
        field.name,
        field.kind,
        force_str(field.label),
        is_required=field.required,
        help=force_str(field.help),
        in_details=field.in_details,
        max_length=None if field.kind == "date" else field.most,
    )


def _choice(name: str, label: str, choices: Sequence[tuple[str, str]]) -> dict[str, Any]:
    listed = [{"value": value, "label": text} for value, text in choices]
    return _described(name, "choice", label, is_required=True, choices=listed)


def _described(name: str, kind: str, label: str, *, is_required: bool, **more: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"help": "", "in_details": False, "max_length": None, "choices": None}
    return {"name": name, "type": kind, "label": label, "required": is_required, **nothing, **more}
