"""Payments and documents of the sample policies, loaded in the same way as an insurer would."""

import csv
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.utils import translation
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from mypolis.demo.models import SamplePerson
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.lib.documents.pdf import make_pdf
from mypolis.foundation.markets import Profile
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.insurance.coverage.billing.payments import load_payments
from mypolis.insurance.coverage.documents.policy_documents import KINDS, DocumentKind, Place, add_document
from mypolis.insurance.coverage.ledger.arithmetic import year_of
from mypolis.insurance.coverage.models import Instalment
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.plan_books.plan import PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import plans_on
from mypolis.membership.people.models import Membership

_MONTHLY = {"rs": ("3450.00", "RSD"), "id": ("385000.00", "IDR")}
_COLUMNS = ("id", "policy_type", "policy_number", "due", "amount", "currency", "paid_on")
_MONTHS = 12
_IN_TIME = timedelta(days=4)  # billing reports a payment some days later


def seed_policy_papers(profile: Profile) -> None:
    """Load payments of policies that people pay themselves, and documents of the registered people's policies."""
    today = profile.today()
    samples = dict(SamplePerson.objects.filter(market=profile.code).values_list("person", "password"))
    rows = list(
        Membership.objects.in_force_on(today).filter(person__in=samples).select_related("policy").order_by("pk")
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if profile.code in _MONTHLY and not Instalment.objects.filter(market=profile.code).exists():
            _load_payments(folder / "payments.csv", rows, profile)
        _add_papers(folder, [row for row in rows if samples[row.person_id]], profile)


def _load_payments(path: Path, rows: list[Membership], profile: Profile) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(_payments(rows, profile))
    report = load_payments(market=profile.code, path=path, by=SYSTEM)
    if report.errors:
        raise RuntimeError(f"the sample payments of {profile.code} have bad rows: {report.errors}")


def _payments(rows: list[Membership], profile: Profile) -> Iterator[tuple[str, ...]]:
    """One payment per month; all that were due some days ago are paid."""
    today = profile.today()
    amount, currency = _MONTHLY[profile.code]
    for row in rows:
        if row.policy.employer_id is None and row.relation == "policyholder":
            first = year_of(today, row.first_day).first
            for month in range(_MONTHS):
                due = _months_later(first, month)
                paid = due.isoformat() if due + _IN_TIME <= today else ""
                key = f"demo-{row.policy_id}-{due:%Y%m}"
                yield key, row.policy.type, row.policy.number, due.isoformat(), amount, currency, paid


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1, day=min(day.day, 28))


def _add_papers(folder: Path, rows: list[Membership], profile: Profile) -> None:
    today = profile.today()
    plans = plans_on((row, today) for row in rows)
    for row in rows:
        plan = plans.get((row.pk, today))
        if plan is not None:
            _add(folder, row, plan, "programme", profile)
            # If several people share a policy, a receipt names its person, which here only a participant number can do.
            if row.policy.employer_id is None and (row.participant_number or row.policy.memberships.count() == 1):
                _add(folder, row, plan, "receipt", profile)


def _add(folder: Path, row: Membership, plan: PlanDocument, kind: DocumentKind, profile: Profile) -> None:
    with translation.override(profile.default_language):
        title = force_str(KINDS[kind])
        path = folder / f"{kind}-{plan.product}-{plan.key}.pdf"
        if not path.exists():
            path.write_bytes(make_pdf("demo/pdf/paper.typ", _values(title, plan, kind, profile)))
        name = f"{title} {say(plan.name)}.pdf"
    number, participant = row.policy.number, row.participant_number if kind == "receipt" else ""
    place = Place(
        policy_number=number,
        policy_type=row.policy.type,
        participant_number=participant,
        alone=kind == "receipt" and not participant,
    )
    add_document(market=profile.code, place=place, kind=kind, path=path, name=name, by=SYSTEM)


def _values(title: str, plan: PlanDocument, kind: DocumentKind, profile: Profile) -> dict[str, object]:
    benefits = [(say(benefit.name), say(benefit.explanation)) for benefit in plan.benefits]
    return {
        "title": title,
        "insurer": brand_of(profile.code).name,
        "language": profile.default_language.partition("-")[0],
        "note": _("A sample of the demo. Everything in it is invented."),
        "parts": benefits if kind == "programme" else [(say(plan.product_name), say(plan.name))],
    }
