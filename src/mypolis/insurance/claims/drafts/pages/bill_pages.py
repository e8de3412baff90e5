"""What the pages of treatment and bills show, and what they answer to their script."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.forms import BoundField
from django.http import JsonResponse

from mypolis.foundation.events import Actor
from mypolis.foundation.lib.money import Money
from mypolis.insurance.claims import access
from mypolis.insurance.claims.benefits import benefit_of, plan_of
from mypolis.insurance.claims.drafts.fields import is_treatment, needs_bills, treatment_fields
from mypolis.insurance.claims.drafts.flows import save_newest
from mypolis.insurance.claims.drafts.pages.draft_requests import address_of
from mypolis.insurance.claims.drafts.pages.forms import BILL, MORE_OF_A_BILL, WAS, DraftForm, as_text
from mypolis.insurance.claims.drafts.pages.sheets import Sheet, line_data, sheet_of_bills
from mypolis.insurance.claims.drafts.saving import Saved
from mypolis.insurance.claims.models import Claim, Line
from mypolis.insurance.claims.repeats import repeated
from mypolis.membership.accounts.models import Account


def bills_sheet(account: Account, draft: Claim, line: UUID | None = None) -> Sheet | None:
    """The fields of the page of treatment; None if the plan no longer has the benefit."""
    plan, benefit = plan_of(draft), benefit_of(draft)
    if plan is None or benefit is None:
        return None
    return sheet_of_bills(account, draft, plan, benefit, line)


def bill_sheet(account: Account, draft: Claim, line: UUID) -> Sheet | None:
    """The fields of the page of one bill; None if the plan no longer has the benefit."""
    found = bills_sheet(account, draft, line)
    return found and replace(found, has_treatment=False, line=line, alone=False)


def form_of(sheet: Sheet, draft: Claim, data: Any) -> DraftForm:
    """The form of a sheet. The day of treatment is suggested from a bill whose code was read."""
    saved = sheet.values(draft)
    suggested = {}
    if "treated_on" in saved and saved["treated_on"] is None:
        read = [line.date for line in draft.lines.all() if line.read_from == "code" and line.date is not None]
        suggested = {"treated_on": min(read)} if read else {}
    return DraftForm(sheet.asked(draft), saved, data, suggested)


def bills_context(account: Account, draft: Claim, sheet: Sheet, form: DraftForm) -> dict[str, Any]:
    """What the page of a sheet shows besides its form."""
    again = DraftForm(sheet.asked(draft), sheet.values(draft))
    repeats = repeated(draft, access.claims_of(account))
    row = sheet.row(draft)
    lines = list(draft.lines.all())
    more = [form[name] for name in MORE_OF_A_BILL if name in form.fields]
    return {
        "form": form,
        "line": row.pk if row is not None else sheet.line,
        "read_from_code": row is not None and row.read_from == "code",
        "treatment": [form[field.name] for field in treatment_fields(sheet.benefit)] if sheet.has_treatment else [],
        "amount": form[f"{BILL}amount"] if sheet.line is not None else None,
        "more": more,
        "more_is_open": any(_is_unusual(field, sheet) for field in more),
        "originals": again.hidden_originals(),
        "bills": [] if sheet.line is not None else [_listed(line, repeats) for line in lines],
        "needs_bills": needs_bills(sheet.benefit),
        "is_treatment": is_treatment(sheet.benefit),
        "may_remove": row is not None and len(lines) > 1,
        "repeat": repeats.get(str(row.pk)) if row is not None else None,
        "new_bill_url": f"{address_of(draft, 'bills')}{uuid4()}/",
        "suggests_day": not form.is_bound and form.initial.get("treated_on") != form.saved.get("treated_on"),
    }


def _is_unusual(field: BoundField, sheet: Sheet) -> bool:
    """Whether a field that few people need has something to show."""
    usual = {"currency": sheet.plan.currency, "count": 1, "benefit": sheet.benefit.key}
    value = field.form.initial.get(field.name)
    return bool(field.errors) or value not in (None, "", usual.get(field.name.removeprefix(BILL)))


def _listed(line: Line, repeats: Mapping[str, Claim]) -> dict[str, Any]:
    amount = Money(line.amount, line.currency) if line.amount is not None and line.currency else None
    return {"line": line, "amount": amount, "repeat": repeats.get(str(line.pk))}


def json_answer(sheet: Sheet, saved: Saved, form: DraftForm) -> JsonResponse:
    """What the page's script reads after it saved: the new version, the originals, and what could not be saved.

    It names only fields that the page has. `theirs` are values that another device saved in fields that this page left
    alone.
    """
    again = DraftForm(sheet.asked(saved.draft), sheet.values(saved.draft))
    sent = form.was()
    originals = {name.removeprefix(WAS): text for name, text in again.hidden_originals()}
    now = {name: text for name, text in originals.items() if name in sent}  # another device may have changed the fields
    typed = {name: as_text(value) for name, value in form.readable.items()}
    theirs = {
        name: _as_shown(again[name], text)
        for name, text in now.items()
        if text != sent[name] and typed.get(name) == sent[name]
    }
    row = sheet.row(saved.draft)
    document = {
        "version": saved.draft.version,
        "line": str(row.pk if row is not None else sheet.line or "") if "line" in form.data else "",
        "was": now,
        "theirs": theirs,
        "errors": {name: [str(error) for error in errors] for name, errors in form.errors.items()},
    }
    return JsonResponse(document, status=409 if saved.conflicts else 422 if form.errors else 200)


def _as_shown(field: BoundField, text: str) -> str:
    return text if getattr(field.field, "kind", "") == "date" else str(field.value() or "")


def without_line(account: Account, draft: Claim, line: UUID, *, by: Actor) -> Claim:
    """Remove a bill, and keep what another device saves meanwhile."""

    def lines_of(newest: Claim) -> dict[str, Any]:
        return {"lines": [line_data(row) for row in newest.lines.all() if row.pk != line]}

    return save_newest(account=account, claim=draft.pk, changes=lines_of, by=by)
