"""What the letter of a guarantee says, in the active language; the layout is that of every letter."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.foundation.lib.documents.pdf import make_pdf
from mypolis.foundation.lib.documents.qr import qr_svg
from mypolis.foundation.lib.money import Money, format_money
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on
from mypolis.insurance.ecard.face.print_values import LETTER, paper_values
from mypolis.insurance.guarantees.lifecycle.states import State
from mypolis.insurance.guarantees.models import Guarantee


def letter_pdf(guarantee: Guarantee, *, url: str) -> bytes:
    """The letter as a PDF. `url` is where its reader can verify it."""
    return make_pdf(LETTER, letter_values(guarantee, url=url))


def letter_values(guarantee: Guarantee, *, url: str) -> dict[str, Any]:
    """The variables of the letter's template."""
    brand = brand_of(guarantee.market)
    is_final = guarantee.in_state == State.FINAL
    day = date_format(guarantee.profile.today(), "DATE_FORMAT")
    return {
        **paper_values(brand, _("Guarantee letter")),
        "number": _("No. %(number)s of %(day)s") % {"number": guarantee.number, "day": day},
        "text": _("%(insurer)s guarantees payment to %(provider)s for the planned treatment of the person below.")
        % {"insurer": brand.name, "provider": guarantee.provider_name},
        "rows": [[label, value] for label, value in _rows(guarantee, is_final=is_final) if value],
        "check": _("Does this letter still hold?"),
        "check_text": _("Scan the code or open the address before treatment. Name the number on every bill."),
        "url": url,
        "qr": qr_svg(url),
        "qr_alt": _("QR code for checking this letter"),
        "unsigned": _("This letter was made by a computer and is valid without a signature or a stamp."),
        "support": f"{brand.support.phone} · {brand.support.email}",
        "supervisor": str(brand.supervisor),
    }


def _rows(guarantee: Guarantee, *, is_final: bool) -> list[tuple[str, str]]:
    membership = guarantee.membership
    plan = plan_on(membership, guarantee.planned_from)
    benefit = plan.benefit(guarantee.benefit) if plan is not None else None
    days = [date_format(day, "DATE_FORMAT") for day in (guarantee.planned_from, guarantee.planned_to)]
    valid = [date_format(day, "DATE_FORMAT") for day in (guarantee.valid_from, guarantee.valid_until) if day]
    return [
        (_("Insured person"), membership.person.display_name),
        (_("Birth date"), date_format(membership.person.birth_date, "DATE_FORMAT")),
        (_("Policy number"), membership.policy.number),
        (_("Participant number"), membership.participant_number),
        (_("Treatment"), say(benefit.name) if benefit is not None else ""),
        (_("Planned days"), " – ".join(dict.fromkeys(days))),
        (_("We pay at most"), format_money(Money(guarantee.promised, guarantee.currency))),
        (
            _("The patient pays") if is_final else _("The patient pays, as expected"),
            format_money(Money(guarantee.own_share, guarantee.currency)),
        ),
        (_("Valid"), " – ".join(valid)),
        (_("Conditions"), guarantee.conditions),
    ]
