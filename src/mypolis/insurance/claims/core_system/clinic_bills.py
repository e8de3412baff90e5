"""Takes the bills that clinics sent directly, from the core system or from the company that settles them."""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mypolis.foundation.events import Actor
from mypolis.foundation.lib.text.clean_text import clean_line
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets import Profile
from mypolis.insurance.claims.as_json.reading import Error, Refused
from mypolis.insurance.claims.clinic_bills.guarantors import UnknownGuarantee, holder_of_letter, settle_guarantee
from mypolis.insurance.claims.clinic_bills.recording import BilledLine, SentAs, record_bill
from mypolis.insurance.claims.core_system.schemas import ClinicBillBody, ClinicBillLine
from mypolis.insurance.claims.lifecycle.deciding import IdReused
from mypolis.insurance.claims.models import Claim, ClinicBill
from mypolis.insurance.coverage.feeds.feed_rows import FeedRow
from mypolis.insurance.coverage.feeds.member_lookup import MemberFinder
from mypolis.insurance.coverage.plan_books.plan import PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import plans_on
from mypolis.insurance.coverage.problems import MESSAGES, Problem
from mypolis.membership.people.models import Membership

_CENT = Decimal("0.01")


def take_bill(*, profile: Profile, body: ClinicBillBody, by: Actor) -> Claim:
    """Record a bill, once under its id, and ask the member about it. The same bill again gives the same claim.

    A bill that names a guarantee letter settles it.

    Raises IdReused, Refused (its member or benefit is not known, or a value cannot be used), UnsafeText.
    """
    sent_as = SentAs(body.id, _digest(body))
    known = _known(profile, sent_as)
    if known is not None:
        return known
    membership, lines = _read(profile, body)
    provider = clean_line(body.provider, max_length=200)
    try:
        with transaction.atomic():
            claim = record_bill(membership=membership, provider=provider, lines=lines, by=by, sent_as=sent_as)
            if body.guarantee:
                settle_guarantee(claim, body.guarantee, is_last=body.is_last, by=by)
            return claim
    except UnknownGuarantee:
        raise Refused(("guarantee", "unknown", _("This member has no letter with this number."))) from None
    except IntegrityError:  # another request has just recorded it
        known = _known(profile, sent_as)
        if known is None:
            raise
        return known


def _known(profile: Profile, sent_as: SentAs) -> Claim | None:
    """The claim of a bill that came before. Raises IdReused."""
    rows = ClinicBill.objects.select_related("claim")
    found = rows.filter(market=profile.code, external_id=sent_as.id).first()
    if found is None:
        return None
    if found.digest != sent_as.digest:
        raise IdReused
    return found.claim


def _read(profile: Profile, body: ClinicBillBody) -> tuple[Membership, list[BilledLine]]:
    names = ("policy_type", "policy_number", "participant_number", "employee_number", "national_id")
    row = FeedRow.naming(**{name: clean_line(getattr(body, name), max_length=64) for name in names})
    found = MemberFinder([row], profile).find(row)
    if isinstance(found, Problem) and (found.place, found.code) == ("policy_number", "ambiguous_member"):
        found = _named_by_letter(row, body.guarantee, profile) or found
    if isinstance(found, Problem):
        raise Refused((found.place, found.code, found.message))
    lines = [_line(line) for line in body.lines]
    plans = plans_on((found, line.date) for line in lines)
    errors = [
        (f"lines.{place}.{field}", code, sentence)
        for place, line in enumerate(lines)
        for field, code, sentence in _errors(line, plans.get((found.pk, line.date)), profile)
    ]
    if errors:
        raise Refused(*errors)
    return found, lines


def _named_by_letter(row: FeedRow, number: str, profile: Profile) -> Membership | None:
    """Which of several people on a policy a bill is about, if it names a letter: clinics may know no other number."""
    holder = holder_of_letter(profile.code, number) if number else None
    if holder is None or fold_reference(row.policy_number) != holder.policy.number_key:
        return None
    return holder if row.policy_type in ("", holder.policy.type) else None


def _line(given: ClinicBillLine) -> BilledLine:
    return BilledLine(
        date=given.date,
        until=given.until,
        benefit=given.benefit,
        text=clean_line(given.text, max_length=200),
        number=clean_line(given.number, max_length=60),
        count=given.count,
        amount=Decimal(given.amount),
        currency=given.currency,
        in_network=given.in_network,
    )


def _errors(line: BilledLine, plan: PlanDocument | None, profile: Profile) -> Iterable[Error]:
    if max(line.date, line.until or line.date) > profile.today():
        yield "until" if line.until else "date", "future", _("This day has not come yet.")
    if line.until is not None and line.until < line.date:
        yield "until", "before", _("The last day is before the first.")
    if not line.amount:
        yield "amount", "not_positive", _("The amount must be more than zero.")
    code = "no_plan" if plan is None else "not_in_plan" if plan.benefit(line.benefit) is None else ""
    if code:
        yield "benefit", code, str(MESSAGES[code])


def _digest(body: ClinicBillBody) -> str:
    content = body.model_dump(mode="json")
    if not body.guarantee:  # a bill that came before bills could name a letter has the same digest when it is repeated
        del content["guarantee"], content["is_last"]
    for line in content["lines"]:
        line["amount"] = str(Decimal(line["amount"]).quantize(_CENT))
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
