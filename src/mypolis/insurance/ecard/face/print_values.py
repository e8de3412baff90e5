"""The content of printed cards and letters in the active language; the templates define the layout."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mypolis.foundation.guards.flows import spend
from mypolis.foundation.lib.documents.pdf import make_pdf
from mypolis.foundation.lib.documents.qr import qr_svg
from mypolis.foundation.web.branding.brand import Brand, brand_of
from mypolis.insurance.ecard.cards import Held
from mypolis.insurance.ecard.face.card_face import card_number, day_or_open, front_facts
from mypolis.insurance.ecard.face.emergency_lines import emergency_of
from mypolis.insurance.ecard.flows import show
from mypolis.insurance.ecard.limits import CARD_PAPERS

CARD, LETTER = "insurance/ecard/pdf/card.typ", "insurance/ecard/pdf/letter.typ"


def card_pdf(held: Held) -> bytes:
    """Both sides of an active card, to print and cut out. Raises NotInForce, NotActivated, LimitReached."""
    is_own = held.viewer.person_id == held.membership.person_id
    subject = str(held.membership.pk) if is_own else f"{held.membership.pk}:{held.viewer.pk}"
    values = card_values(held)
    spend(CARD_PAPERS, subject, market=held.profile.code)  # drawing a PDF needs much processor time
    return make_pdf(CARD, values)


def letter_pdf(held: Held, *, number: str, day: date, url: str) -> bytes:
    """A letter that confirms a cover. `url` is where its reader can verify it."""
    return make_pdf(LETTER, letter_values(held, number=number, day=day, url=url))


def card_values(held: Held) -> dict[str, Any]:
    """The variables of the card's template."""
    brand, shown = brand_of(held.profile.code), show(held, use="print")
    lines = emergency_of(brand, [held.membership])[held.membership.pk]
    until = date_format(timezone.localtime(shown.expires_at, held.profile.zone), "DATE_FORMAT")
    return {
        **paper_values(brand, _("Insurance card")),
        "kind": force_str(held.type_label),
        "name": held.name,
        "name_latin": held.name_latin,
        "number": [_("Card number"), card_number(held)],
        "front": [[label, value] for label, value in front_facts(held) if value],
        "emergency": [[str(line.label), line.phone] for line in lines],
        "emergency_title": _("In an emergency"),
        "support": [_("Questions"), brand.support.phone],
        "back": _("Please show an identity document with this card. The code shows whether the cover is valid today."),
        "qr": qr_svg(shown.url),
        "qr_alt": _("QR code for checking the card"),
        "qr_note": [_("Code valid until"), until],
        "cut": _("Print at actual size, cut along the lines and fold in the middle."),
        "lost": _("Lost it? Get a new card in the portal: this one then stops working at once."),
    }


def letter_values(held: Held, *, number: str, day: date, url: str) -> dict[str, Any]:
    """The variables of the letter's template."""
    brand = brand_of(held.profile.code)
    rows = [(_("Insured person"), held.name), (_("In Latin letters"), held.name_latin)]
    rows += [(_("Birth date"), date_format(held.membership.person.birth_date, "DATE_FORMAT")), *_cover(held)]
    return {
        **paper_values(brand, _("Confirmation of cover")),
        "number": _("No. %(number)s of %(day)s") % {"number": number, "day": date_format(day, "DATE_FORMAT")},
        "text": _("%(insurer)s confirms that on the day of this letter the following person is insured:")
        % {"insurer": brand.name},
        "rows": [[label, value] for label, value in rows if value],
        "check": _("Is this letter genuine?"),
        "check_text": _("Scan the code or open the address to see whether we issued it and whether it is valid today."),
        "url": url,
        "qr": qr_svg(url),
        "qr_alt": _("QR code for checking this letter"),
        "unsigned": _("This letter was made by a computer and is valid without a signature or a stamp."),
        "support": f"{brand.support.phone} · {brand.support.email}",
        "supervisor": str(brand.supervisor),
    }


def paper_values(brand: Brand, title: str) -> dict[str, Any]:
    """The variables that every paper of the insurer shares."""
    return {
        "title": title,
        "insurer": brand.name,
        "language": (get_language() or "en").partition("-")[0],
        "colours": brand.colours,
        "logo": brand.logo.read_text(encoding="utf-8"),
    }


def _cover(held: Held) -> list[tuple[str, str]]:
    policy = held.membership.policy
    return [
        (_("Policy type"), force_str(held.type_label)),
        *front_facts(held)[:3],
        (_("Employer"), policy.employer.name if policy.employer else ""),
        (_("Valid from"), date_format(held.valid_from, "DATE_FORMAT")),
        (_("Valid until"), day_or_open(held.valid_until)),
    ]
