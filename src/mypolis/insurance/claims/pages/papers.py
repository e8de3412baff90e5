"""Papers about claims as PDF, in the current language: explanation, acknowledgement, yearly statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mypolis.foundation.guards.flows import spend
from mypolis.foundation.lib.documents.pdf import make_pdf
from mypolis.foundation.lib.money import Money, format_money
from mypolis.foundation.markets import Profile
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.insurance.claims.limits import CLAIM_PAPERS
from mypolis.insurance.claims.models import day_of
from mypolis.insurance.claims.pages.explanation import Explanation
from mypolis.insurance.claims.pages.statement import PersonsYear
from mypolis.insurance.claims.presenters import ShownClaim
from mypolis.membership.accounts.models import Account

EXPLANATION = "insurance/claims/pdf/explanation.typ"
ACKNOWLEDGEMENT = "insurance/claims/pdf/acknowledgement.typ"
STATEMENT = "insurance/claims/pdf/statement.typ"


def explanation_pdf(explained: Explanation) -> bytes:
    """The explanation of benefits. Raises LimitReached."""
    return _made(EXPLANATION, explanation_values(explained), explained.shown.account)


def acknowledgement_pdf(shown: ShownClaim) -> bytes:
    """The acknowledgement of a sent claim. Raises LimitReached."""
    return _made(ACKNOWLEDGEMENT, acknowledgement_values(shown), shown.account)


def statement_pdf(account: Account, year: int, people: Sequence[PersonsYear]) -> bytes:
    """The yearly statement. Raises LimitReached."""
    return _made(STATEMENT, statement_values(account, year, people), account)


def explanation_values(explained: Explanation) -> dict[str, Any]:
    """The variables of the explanation's template."""
    shown = explained.shown
    return {
        **_paper(shown.claim.profile, _("Explanation of benefits")),
        "number": _("Claim %(number)s, decided on %(day)s")
        % {"number": shown.claim.number, "day": explained.decided_on},
        "facts": _about(shown),
        "lines_title": _("Line by line"),
        "head": [_("Treatment"), _("Billed"), _("We pay"), _("You pay")],
        "rows": [
            [_line_name(one.name, one.day, one.text), _both(one.billed, one.on_bill), one.granted, one.own_share]
            for one in explained.lines
        ],
        "totals": [_("Total"), explained.billed, explained.granted, explained.own_share],
        "why_title": _("Reasons"),
        "why": [
            {
                "name": _line_name(one.name, one.day, ""),
                "reasons": [f"{text} ({amount})" if amount else text for text, amount in one.reasons],
                "plan": one.plan,
            }
            for one in explained.lines
            if one.reasons
        ],
        "plan_title": _("What your plan says"),
        "plan_words": [
            {
                "name": one.name,
                "explanation": one.explanation,
                "limits": list(one.limits),
                "exclusions": one.exclusions,
            }
            for one in explained.plan_words
        ],
        "appeal_title": _("If you disagree"),
        "appeal": explained.appeal,
        "lag": explained.lag,
    }


def acknowledgement_values(shown: ShownClaim) -> dict[str, Any]:
    """The variables of the acknowledgement's template."""
    claim = shown.claim
    kinds = {document.kind: document.name for document in shown.documents}
    return {
        **_paper(claim.profile, _("We have your claim")),
        "number": _("Claim %(number)s") % {"number": claim.number},
        "text": _("Your claim reached us. These are the files that we received with it."),
        "facts": [
            (_("Sent on"), _moment(claim.sent_at, claim.profile) if claim.sent_at is not None else ""),
            *_about(shown),
        ],
        "files_title": _("Files that we received"),
        "no_files": _("No files came with this claim."),
        "files": [
            {
                "name": file.name,
                "about": _("%(document)s, %(size)s bytes, received on %(moment)s")
                % {
                    "document": kinds.get(file.kind, file.kind),
                    "size": number_format(file.size, force_grouping=True),
                    "moment": _moment(file.received_at, claim.profile),
                },
                "sha256": file.sha256,
            }
            for file in shown.files
        ],
        "digest_text": _("SHA-256 is a digest of a file: with it you can prove at any time what you sent."),
    }


def statement_values(account: Account, year: int, people: Sequence[PersonsYear]) -> dict[str, Any]:
    """The variables of the statement's template."""
    profile = account.profile
    day = date_format(profile.today(), "DATE_FORMAT")
    return {
        **_paper(profile, _("Your claims in %(year)s") % {"year": year}),
        "number": _("As of %(day)s") % {"day": day},
        "text": _("All claims that you sent in this year, what we paid of them, and what you paid yourself."),
        "head": [_("Number"), _("Sent on"), _("Treatment"), _("State"), _("We pay"), _("You pay")],
        "people": [
            {
                "name": one.person.display_name,
                "rows": [_statement_row(claim, profile) for claim in one.claims],
                "totals": [_("Total"), "", "", "", _sums(one.granted), _sums(one.own_share)],
            }
            for one in people
        ],
    }


def _statement_row(shown: ShownClaim, profile: Profile) -> list[str]:
    claim = shown.claim
    sent = date_format(day_of(claim.sent_at, profile), "SHORT_DATE_FORMAT") if claim.sent_at is not None else ""
    return [
        claim.number,
        sent,
        shown.benefit_name,
        shown.label,
        *(_sum(one) for one in (shown.granted, shown.own_share)),
    ]


def _about(shown: ShownClaim) -> list[tuple[str, str]]:
    membership, claim = shown.claim.membership, shown.claim
    rows = [
        (_("Insured person"), shown.person_name),
        (_("Policy number"), membership.policy.number),
        (_("Benefit"), shown.benefit_name),
        (_("Day of treatment"), date_format(claim.treated_on, "DATE_FORMAT") if claim.treated_on else ""),
        (_("Provider"), claim.provider),
    ]
    return [(label, value) for label, value in rows if value]


def _line_name(name: str, day: str, text: str) -> str:
    return " · ".join(part for part in (name, day, text) if part)


def _both(billed: str, on_bill: str) -> str:
    return f"{billed} ({on_bill})" if on_bill else billed


def _moment(at: datetime, profile: Profile) -> str:
    return date_format(timezone.localtime(at, profile.zone), "DATETIME_FORMAT")


def _sum(money: Money | None) -> str:
    return format_money(money) if money is not None else "–"


def _sums(amounts: Sequence[Money]) -> str:
    return ", ".join(format_money(one) for one in amounts) or "–"


def _paper(profile: Profile, title: str) -> dict[str, Any]:
    brand = brand_of(profile.code)
    return {
        "title": title,
        "insurer": brand.name,
        "language": (get_language() or "en").partition("-")[0],
        "colours": brand.colours,
        "logo": brand.logo.read_text(encoding="utf-8"),
        "unsigned": _("This paper was made by a computer and is valid without a signature or a stamp."),
        "support": f"{brand.support.phone} · {brand.support.email}",
        "supervisor": str(brand.supervisor),
    }


def _made(template: str, values: dict[str, Any], account: Account) -> bytes:
    spend(CLAIM_PAPERS, str(account.pk), market=account.market)  # drawing a PDF needs much processor time
    return make_pdf(template, values)
