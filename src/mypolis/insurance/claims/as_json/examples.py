"""Whole documents for the OpenAPI description: a draft with bills, a claim that was decided, its explanation.

A test checks each against the schema of its operation.
"""

from typing import Any

_LINE = "0b6e1f9a-6a0f-4d0e-9a39-3f1c1c1f2a01"
_FILE = "0b6e1f9a-6a0f-4d0e-9a39-3f1c1c1f2a02"
_ACCOUNT = "0b6e1f9a-6a0f-4d0e-9a39-3f1c1c1f2a03"
_QUESTION = "0b6e1f9a-6a0f-4d0e-9a39-3f1c1c1f2a04"

_BILL: dict[str, Any] = {
    "id": _LINE,
    "date": "2026-11-20",
    "until": None,
    "benefit": "gp",
    "text": "Consultation",
    "number": "INV-2026-0815",
    "count": 1,
    "same_case_as": None,
    "in_network": None,
    "amount": "150000.00",
    "currency": "IDR",
    "granted": None,
    "own_share": None,
    "reasons": None,
}
_RECEIPT: dict[str, Any] = {
    "id": _FILE,
    "name": "receipt.jpg",
    "size": 482133,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "pages": 1,
    "state": "clean",
    "reason": None,
    "reason_text": None,
}
_REASONS = [{"code": "share", "text": "Your plan pays back 80% of the bill.", "amount": "30000.00"}]

DRAFT: dict[str, Any] = {
    "id": "0b6e1f9a-6a0f-4d0e-9a39-3f1c1c1f2a00",
    "number": None,
    "version": 4,
    "state": "draft",
    "origin": "member",
    "clinic_bill": None,
    "entered": None,
    "for": {"membership": "7", "name": "Budi Santoso", "policy_number": "GRP-88", "participant_number": "000123"},
    "benefit": "gp",
    "treated_on": "2026-11-20",
    "until": None,
    "provider": "Klinik Melati",
    "diagnosis": "A cough and fever for three days",
    "details": {},
    "lines": [_BILL],
    "documents": [{"kind": "receipt", "name": "Receipt", "required": True, "files": []}],
    "missing": [{"field": "documents.receipt", "text": "Add a photo or PDF of: Receipt"}],
    "estimate": {"granted": "120000.00", "own_share": "30000.00", "currency": "IDR"},
    "pay_to": {"id": _ACCOUNT, "kind": "id", "shown": "•••• 7890"},
    "requests": [],
    "appeal": None,
    "payment": None,
    "timeline": [],
    "next": {"text": "Complete the claim and send it.", "by": None},
    "can": ["edit", "submit", "discard"],
    "sections": [],
    "limits_as_of": None,
}
DECIDED: dict[str, Any] = DRAFT | {
    "number": "C-2026-000123",
    "version": 11,
    "state": "to_be_paid",
    "lines": [_BILL | {"in_network": False, "granted": "120000.00", "own_share": "30000.00", "reasons": _REASONS}],
    "documents": [{"kind": "receipt", "name": "Receipt", "required": True, "files": [_RECEIPT]}],
    "missing": [],
    "estimate": None,
    "requests": [
        {
            "id": _QUESTION,
            "text": "What was the visit for?",
            "answered": True,
            "document": None,
            "files": [],
        }
    ],
    "payment": {"state": "to_be_paid", "at": None, "amount": "120000.00", "currency": "IDR", "reason": None},
    "timeline": [
        {
            "at": "2026-11-21T09:12:40+07:00",
            "kind": "submitted",
            "text": "You sent this claim. We are checking your files.",
            "by": None,
        },
        {"at": "2026-11-21T09:13:05+07:00", "kind": "received", "text": "We have all your papers.", "by": None},
        {
            "at": "2026-11-26T14:00:00+07:00",
            "kind": "partly_approved",
            "text": "We approved a part of your claim. You can read why, line by line.",
            "by": None,
        },
    ],
    "next": {"text": "We pay to your account.", "by": "2026-12-03"},
    "can": ["appeal"],
    "sections": None,
}
CHANGE: dict[str, Any] = {
    "treated_on": "2026-11-20",
    "provider": "Klinik Melati",
    "lines": [{"date": "2026-11-20", "benefit": "gp", "amount": "150000.00", "currency": "IDR"}],
    "pay_to": _ACCOUNT,
}
EXPLANATION: dict[str, Any] = {
    "number": "C-2026-000123",
    "outcome": "partly_approved",
    "decided_at": "2026-11-26T14:00:00+07:00",
    "appeal_until": "2027-01-25",
    "currency": "IDR",
    "billed": "150000.00",
    "granted": "120000.00",
    "own_share": "30000.00",
    "lines": [
        {
            "line": _LINE,
            "date": "2026-11-20",
            "benefit": "General practitioner",
            "text": "Consultation",
            "billed": "150000.00",
            "granted": "120000.00",
            "own_share": "30000.00",
            "reasons": _REASONS,
            "plan": "Gold, since 1 January 2026",
        }
    ],
    "payment": DECIDED["payment"],
}
DECISION: dict[str, Any] = {
    "id": "core-2026-55810",
    "at": "2026-11-26T14:00:00+07:00",
    "outcome": "partly_approved",
    "lines": [{"line": _LINE, "granted": "120000.00", "reasons": ["share"]}],
}


def answered(status: int, **examples: dict[str, Any]) -> dict[str, Any]:
    """What an operation adds to its description: examples of its answer, by name."""
    return {"responses": {status: {"content": {"application/json": _named(examples)}}}}


def sent(**examples: dict[str, Any]) -> dict[str, Any]:
    """What an operation adds to its description: examples of the body that it takes, by name."""
    return {"requestBody": {"content": {"application/json": _named(examples)}}}


def _named(examples: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"examples": {name: {"summary": name.replace("_", " "), "value": value} for name, value in examples.items()}}
