"""A small plan book for tests, and helpers that write changed copies."""

import copy
import json
from pathlib import Path
from typing import Any

from mypolis.foundation.events import SYSTEM
from mypolis.insurance.coverage.plan_books.loading import BookReport, load_book


def text(words: str) -> dict[str, str]:
    """A text in both languages of the market."""
    return {"id": words, "en": words}


def _benefit(kind: str, name: str, **more: Any) -> dict[str, Any]:
    about = {"type": kind, "name": text(name), "explanation": text(f"About {name}."), "what_to_do": text("Call us.")}
    return {**about, **more}


BOOK: dict[str, Any] = {
    "format": 1,
    "market": "id",
    "effective": "2020-01-01",
    "documents": {"receipt": {"name": text("Receipt")}},
    "networks": {"inner": {"name": text("Inner"), "explanation": text("Few clinics.")}},
    "products": {
        "health": {
            "name": text("Health"),
            "policy_types": ["group", "individual"],
            "currency": "IDR",
            "year": "calendar",
            "benefits": {
                "doctor": _benefit("outpatient", "Doctor", documents=["receipt"]),
                "drugs": _benefit("medicines", "Drugs"),
                "room": _benefit("inpatient", "Room"),
                "birth": _benefit("maternity", "Birth"),
                "teeth": _benefit("dental", "Teeth"),
            },
            "plans": {
                "gold": {
                    "name": text("Gold"),
                    "explanation": text("A good plan."),
                    "roster_names": ["Gold", "Plan Gold"],
                    "network": "inner",
                    "groups": {"outpatient": ["doctor", "drugs"]},
                    "limits": [
                        {"on": "outpatient", "amount": 1000, "per": "year"},
                        {"on": "teeth", "amount": 300, "per": "year", "family": True},
                    ],
                    "benefits": {
                        "doctor": {"limits": [{"amount": 200, "per": "visit"}], "reimbursement": 80},
                        "drugs": {"limits": [{"amount": 600, "per": "year"}]},
                        "room": {"limits": [{"amount": 100, "per": "day"}, {"days": 3, "per": "case"}]},
                        "birth": {
                            "waiting_days": 280,
                            "limits": [
                                {"amount": 500, "per": "pregnancy"},
                                {"count": 2, "unit": "birth", "per": "lifetime"},
                            ],
                        },
                        "teeth": {"copayment": {"percent": 20, "cap": 50}},
                    },
                },
                "bare": {
                    "name": text("Bare"),
                    "explanation": text("A small plan."),
                    "roster_names": ["Bare"],
                    "benefits": {"doctor": {"limits": [{"amount": 400, "per": "year"}]}},
                },
            },
        }
    },
}
HEALTH = ("products", "health")
GOLD = (*HEALTH, "plans", "gold")
REMOVED = object()


def book(*changes: tuple[tuple[str | int, ...], Any]) -> dict[str, Any]:
    """The book with some values replaced. REMOVED deletes a value."""
    changed: Any = copy.deepcopy(BOOK)
    for path, value in changes:
        part = changed
        for key in path[:-1]:
            part = part[key]
        if value is REMOVED:
            del part[path[-1]]
        else:
            part[path[-1]] = value
    return dict(changed)


def written(path: Path, document: Any) -> Path:
    """Write a document as a file with one value per line."""
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def loaded(folder: Path, *changes: tuple[tuple[str | int, ...], Any]) -> BookReport:
    """Load the book with changes."""
    return load_book(market="id", book=written(folder / "book.json", book(*changes)), by=SYSTEM)
