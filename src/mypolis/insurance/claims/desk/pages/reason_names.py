"""Short names of the reasons for cuts and refusals, from which assessors choose."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASON_NAMES: Mapping[str, Promise] = {
    "paid_elsewhere": _("Paid by somebody else"),
    "not_a_medical_cost": _("Not a medical cost"),
    "over_usual_price": _("Above the usual price"),
    "too_many": _("More than was needed"),
    "excess": _("Excess"),
    "copayment": _("Own share of the sum"),
    "share": _("We pay a part"),
    "limit_visit": _("Limit for a visit"),
    "limit_day": _("Limit for a day"),
    "limit_item": _("Limit for an item"),
    "limit_days": _("Limit in days"),
    "limit_case": _("Limit for a case"),
    "limit_pregnancy": _("Limit for a pregnancy"),
    "limit_count": _("Limit in number"),
    "limit_year": _("Limit of the year"),
    "limit_family": _("Limit of the family"),
    "limit_lifetime": _("Limit for life"),
    "excluded": _("Excluded by the plan"),
    "diagnosis_excluded": _("The diagnosis is excluded"),
    "not_needed": _("Not medically necessary"),
    "outside_network": _("Outside the network"),
    "no_approval": _("No approval beforehand"),
    "no_referral": _("No referral"),
    "too_late": _("Sent too late"),
    "duplicate": _("Paid with another claim"),
    "bill_not_confirmed": _("The provider does not confirm the bill"),
}
"""By code. The member reads a whole sentence instead (`adjudication.reasons`)."""
