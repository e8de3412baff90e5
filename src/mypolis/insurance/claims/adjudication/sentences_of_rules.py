"""Sentences for cuts and rejections, by code and variant, the most exact one first."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Sentences = Mapping[str, Mapping[str, tuple[Promise, ...]]]

CUTS: Final[Sentences] = {
    "paid_elsewhere": {
        "": (
            _("%(payer)s has paid %(amount)s of this bill."),
            _("Another insurer has paid %(amount)s of this bill."),
            _("Another insurer has paid a part of this bill."),
        )
    },
    "not_a_medical_cost": {
        "": (
            _("%(item)s: this is neither treatment nor medicine, so your plan does not pay for it."),
            _("%(amount)s of this bill is neither for treatment nor for medicine, so your plan does not pay for it."),
            _("A part of this bill is neither for treatment nor for medicine, so your plan does not pay for it."),
        )
    },
    "over_usual_price": {
        "": (
            _("Your plan pays for this up to the usual price of %(usual_price)s."),
            _("%(amount)s of this bill is above the usual price, up to which your plan pays."),
            _("This is above the usual price, up to which your plan pays."),
        )
    },
    "too_many": {
        "": (
            _("This is more than the doctor ordered: %(n)s on the bill, %(ordered)s ordered."),
            _("This is more than the doctor ordered."),
        )
    },
    "excess": {
        "year": (_("The first %(amount)s of each year is yours to pay. %(borne)s of it was still open."),),
        "case": (_("The first %(amount)s of each case is yours to pay. %(borne)s of it was still open."),),
        "visit": (_("The first %(amount)s of each visit is yours to pay. %(borne)s of it was still open."),),
        "": (_("The first part of such costs is yours to pay."),),
    },
    "copayment": {
        "": (
            _("You pay %(percent)s of a bill yourself, at most %(cap)s."),
            _("You pay %(percent)s of a bill yourself."),
            _("You pay a part of each bill yourself."),
        )
    },
    "share": {
        "": (
            _("Outside the network, we pay back %(percent)s of the bill."),
            _("Outside the network, we pay back a part of the bill."),
        )
    },
    "limit_visit": {"": (_("We pay at most %(size)s for a visit."), _("The limit for a visit was reached."))},
    "limit_day": {"": (_("We pay at most %(size)s a day."), _("The limit for a day was reached."))},
    "limit_item": {"": (_("We pay at most %(size)s for each item."), _("The limit for an item was reached."))},
    "limit_days": {
        "": (
            _("Your plan pays for %(limit)s. All of these days are used."),
            _("All days that your plan pays for are used."),
        )
    },
    "limit_case": {
        "": (
            _("We pay at most %(size)s for a case. Left on %(day)s: %(left)s."),
            _("The limit for a case was reached."),
        ),
        "untouched": (_("We pay at most %(size)s for a case."),),
        "used_up": (_("We pay at most %(size)s for a case, and all of it is used."),),
    },
    "limit_pregnancy": {
        "": (
            _("We pay at most %(size)s for a pregnancy. Left on %(day)s: %(left)s."),
            _("The limit for a pregnancy was reached."),
        ),
        "untouched": (_("We pay at most %(size)s for a pregnancy."),),
        "used_up": (_("We pay at most %(size)s for a pregnancy, and all of it is used."),),
    },
    "limit_count": {
        "": (
            _("Your plan pays for %(limit)s. Left on %(day)s: %(left)s."),
            _("Your plan pays for a certain number, and it was reached."),
        ),
        "untouched": (_("Your plan pays for %(limit)s."),),
        "used_up": (_("Your plan pays for %(limit)s, and all of it is used."),),
    },
    "limit_year": {
        "": (
            _("Your plan pays at most %(limit)s. Left on %(day)s: %(left)s."),
            _("The limit for the year was reached."),
        ),
        "untouched": (_("Your plan pays at most %(limit)s."),),
        "used_up": (_("Your plan pays at most %(limit)s, and all of it is used."),),
    },
    "limit_family": {
        "": (
            _("Your family shares %(limit)s. Left on %(day)s: %(left)s."),
            _("The limit that your family shares was reached."),
        ),
        "untouched": (_("Your family shares %(limit)s."),),
        "used_up": (_("Your family shares %(limit)s, and all of it is used."),),
    },
    "limit_lifetime": {
        "": (
            _("Your plan pays at most %(limit)s. Left on %(day)s: %(left)s."),
            _("The most that your plan pays in all was reached."),
        ),
        "untouched": (_("Your plan pays at most %(limit)s."),),
        "used_up": (_("Your plan pays at most %(limit)s, and all of it is used."),),
    },
}

REJECTIONS: Final[Sentences] = {
    "not_yet_covered": {
        "": (
            _("Your cover began on %(start)s. This bill is for %(day)s."),
            _("Your cover had not begun on the day of this bill."),
        )
    },
    "cover_ended": {
        "": (
            _("Your cover ended on %(end)s. This bill is for %(day)s."),
            _("Your cover had ended by the day of this bill."),
        )
    },
    "waiting_period": {
        "": (
            _("%(benefit)s: your plan pays from %(paid_from)s. This bill is for %(day)s."),
            _("The waiting period of your plan had not passed on the day of this bill."),
        )
    },
    "not_in_plan": {"": (_("Your plan does not include this: %(benefit)s."), _("Your plan does not include this."))},
    "excluded": {
        "": (
            _("Your plan does not pay for this. It says: %(exclusions)s"),
            _("Your plan does not pay for this. %(note)s"),
            _("Your plan does not pay for this."),
        )
    },
    "diagnosis_excluded": {
        "": (
            _("Your plan does not pay for treatment of this diagnosis: %(diagnosis)s."),
            _("Your plan does not pay for treatment of this diagnosis."),
        )
    },
    "not_needed": {
        "": (
            _("From the papers, our doctor could not see why this was needed: %(note)s"),
            _("From the papers, our doctor could not see why this was needed."),
        )
    },
    "outside_network": {
        "": (
            _("%(provider)s is not in your plan’s network, and your plan pays nothing back outside it."),
            _("Your plan pays nothing back for providers outside its network."),
        )
    },
    "no_approval": {"": (_("This needed our approval beforehand, and we have no request from you or the clinic."),)},
    "no_referral": {"": (_("This needs a doctor’s referral. Send it, and we will look again."),)},
    "too_late": {
        "": (
            _("Claims must reach us within %(days)s. You sent this one after %(age)s."),
            _("This claim reached us after the time for sending claims."),
        )
    },
    "duplicate": {
        "": (
            _("We have this bill already, in claim %(claim)s. Nothing is lost."),
            _("We have this bill already. Nothing is lost."),
        )
    },
    "bill_not_confirmed": {
        "": (
            _("%(provider)s could not confirm this bill. Ask them to confirm it, and we will look again."),
            _("The provider could not confirm this bill. Ask them to confirm it, and we will look again."),
        )
    },
    "no_amount": {"": (_("A bill must be above zero. A refund lowers the bill that it belongs to."),)},
    "in_future": {
        "": (
            _("This bill is for %(day)s, which is after the day on which you sent the claim."),
            _("This bill is for a day after the one on which you sent the claim."),
        )
    },
    "decision_kept": {
        "": (
            _("Somebody else looked again and kept the decision: %(note)s"),
            _("Somebody else looked again and kept the decision."),
        )
    },
}
