"""The fields of one page of a draft: which there are, what the draft holds in them, and how they are saved."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID, uuid4

from django.utils.formats import date_format

from mypolis.foundation.web.form_fields.fields import DrawnField
from mypolis.insurance.claims.access import claims_of
from mypolis.insurance.claims.drafts.fields import STAYS, needs_bills, treatment_fields
from mypolis.insurance.claims.drafts.flows import LineData
from mypolis.insurance.claims.drafts.missing import value_of
from mypolis.insurance.claims.drafts.pages.forms import BILL, Choices, bill_fields, treatment_field
from mypolis.insurance.claims.models import Claim, Line
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.plan_books.plan import Benefit, PlanDocument
from mypolis.insurance.coverage.plan_books.vocabulary import FIELDS
from mypolis.membership.accounts.models import Account

_MOST_CASES = 20


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page with the fields of the treatment, of one bill, or of both.

    `line` is the id of the bill, None on a page without one; a bill that does not exist yet is added once something was
    typed. `alone`: the page showed the only bill of the claim. If another device saved that bill under another id
    meanwhile, that one is changed. `with_cases`: offer earlier claims of the same stay, which only the member may see.
    """

    account: Account
    plan: PlanDocument
    benefit: Benefit
    has_treatment: bool
    line: UUID | None = None
    alone: bool = False
    with_cases: bool = True

    def asked(self, draft: Claim) -> dict[str, DrawnField]:
        """The form fields, in the order of the page."""
        today = draft.profile.today()
        found: dict[str, DrawnField] = {}
        if self.has_treatment:
            found |= {field.name: treatment_field(field, today) for field in treatment_fields(self.benefit)}
        if self.line is not None:
            found |= bill_fields(
                today=today,
                currency=self.plan.currency,
                benefits=self._benefits(),
                cases=self._cases(draft) if self.with_cases else (),
                counts=self._counts(),
            )
        return found

    def values(self, draft: Claim) -> dict[str, Any]:
        """What the draft holds in these fields; the date of a bill is empty if it is the day of treatment."""
        found: dict[str, Any] = {}
        if self.has_treatment:
            found |= {
                field.name: _typed(field.kind, value_of(draft, field)) for field in treatment_fields(self.benefit)
            }
        if self.line is not None:
            row = self.row(draft)
            line = line_data(row) if row is not None else self._blank(draft)
            own_date = None if line.date == draft.treated_on else line.date
            values = {
                **{field.name: getattr(line, field.name) for field in fields(line)},
                "date": own_date,
                "same_case_as": str(line.same_case_as or ""),
                "currency": line.currency or self.plan.currency,
                "benefit": line.benefit or draft.benefit,
            }
            found |= {BILL + name: values[name] for name in _BILL_FIELDS}
        return found

    def changes(self, draft: Claim, values: Mapping[str, Any]) -> dict[str, Any]:
        """What `flows.save` takes, for values of some of these fields."""
        changes: dict[str, Any] = {}
        details = {}
        for field in treatment_fields(self.benefit) if self.has_treatment else ():
            if field.name in values and field.in_details:
                value = values[field.name]
                details[field.name] = value.isoformat() if isinstance(value, datetime.date) else value
            elif field.name in values:
                changes[field.name] = values[field.name]
        if details:
            changes["details"] = details
        lines = self._lines(draft, _of_bill(values), changes)
        return changes if lines is None else {**changes, "lines": lines}

    def changes_with_bills(
        self, draft: Claim, values: Mapping[str, Any], bills: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        """What `flows.save` takes, for values of the treatment and all bills of a draft that has none yet."""
        changes = self.changes(draft, values)
        rows = [replace(self._blank(draft), id=uuid4(), **_of_bill(one)) for one in bills]
        return {**changes, "lines": self._dated(draft, rows, changes)}

    def row(self, draft: Claim) -> Line | None:
        """The line of the bill; None if it is not saved."""
        rows = list(draft.lines.all())
        found = next((row for row in rows if row.pk == self.line), None)
        return rows[0] if found is None and self.alone and len(rows) == 1 else found

    def _lines(self, draft: Claim, bill: Mapping[str, Any], changes: Mapping[str, Any]) -> list[LineData] | None:
        """All lines: this bill with its new values, and the day of treatment for bills without a date of their own.

        None if there are none.
        """
        rows = [line_data(row) for row in draft.lines.all()]
        if bill:
            row = self.row(draft)
            this = next((line for line in rows if row is not None and line.id == row.pk), None)
            changed = replace(this or replace(self._blank(draft), id=self.line), **bill)
            rows = [changed if line is this else line for line in rows] + ([] if this else [changed])
        return self._dated(draft, rows, changes) or None

    def _dated(self, draft: Claim, rows: Sequence[LineData], changes: Mapping[str, Any]) -> list[LineData]:
        """These bills, with the day of treatment for those without a date of their own."""
        before, first = draft.treated_on, changes.get("treated_on", draft.treated_on)
        last = changes.get("until", draft.until) if self.benefit.type in STAYS else None
        until = last if last and first and last > first else None
        return [
            replace(line, date=first, until=until)
            if line.date is None or (line.date in (before, first) and line.read_from == "typed")
            else line
            for line in rows
        ]

    def _blank(self, draft: Claim) -> LineData:
        return LineData(date=draft.treated_on, benefit=draft.benefit, currency=self.plan.currency)

    def _benefits(self) -> Choices:
        """The benefits that bills of one claim may have: those of the same field, as coverage pages group them."""
        types = next((field.types for field in FIELDS if self.benefit.type in field.types), ())
        found = [(one.key, say(one.name)) for one in self.plan.benefits if one.type in types]
        return found if len(found) > 1 else ()

    def _counts(self) -> bool:
        limits = self.plan.limits_on(self.benefit.key)
        return any(limit.measure == "count" or limit.per == "item" for limit in limits)

    def _cases(self, draft: Claim) -> Choices:
        """Earlier claims of the person, if something in the plan adds up over a stay or a pregnancy."""
        limits = self.plan.limits_on(self.benefit.key)
        excess = self.benefit.excess
        if not any(limit.per in ("case", "pregnancy") for limit in limits) and (excess is None or excess.per != "case"):
            return ()
        earlier = claims_of(self.account).sent().filter(membership__person=draft.membership.person_id)
        return [(str(claim.pk), _name_of(claim, self.plan)) for claim in earlier[:_MOST_CASES]]


_BILL_FIELDS = ("amount", "currency", "count", "date", "number", "text", "benefit", "same_case_as")


def sheet_of_bills(
    account: Account, draft: Claim, plan: PlanDocument, benefit: Benefit, line: UUID | None = None
) -> Sheet:
    """The treatment, and the bill if there is at most one. `line` is the id of the bill that the page showed."""
    rows = list(draft.lines.all())
    shows_bill = needs_bills(benefit) and (line is not None or len(rows) <= 1)
    return Sheet(
        account=account,
        plan=plan,
        benefit=benefit,
        has_treatment=True,
        line=(line or (rows[0].pk if rows else uuid4())) if shows_bill else None,
        alone=len(rows) <= 1,
    )


def line_data(row: Line) -> LineData:
    """A saved line as `flows.save` takes it."""
    names = {field.name for field in fields(LineData)} - {"id", "same_case_as"}
    values = {name: getattr(row, name) for name in names}
    return LineData(id=row.pk, same_case_as=row.same_case_as_id, **values)


def _typed(kind: str, value: Any) -> Any:
    if kind == "date" and isinstance(value, str):
        return datetime.date.fromisoformat(value) if value else None
    return value if kind == "date" else value or ""


def _of_bill(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a bill's fields as `LineData` takes them. A bill with a date of its own covers this day only."""
    bill = {name.removeprefix(BILL): value for name, value in values.items() if name.startswith(BILL)}
    found = dict(bill)
    if "same_case_as" in bill:
        found["same_case_as"] = UUID(bill["same_case_as"]) if bill["same_case_as"] else None
    if {"amount", "date"} & set(bill):
        found["read_from"] = "typed"
    return found | ({"until": None} if "date" in bill else {})


def _name_of(claim: Claim, plan: PlanDocument) -> str:
    benefit = plan.benefit(claim.benefit)
    parts = [
        say(benefit.name) if benefit else "",
        date_format(claim.treated_on) if claim.treated_on else "",
        claim.number,
    ]
    return " · ".join(part for part in parts if part)
