"""The conditions of a benefit as short sentences with icons: what to know before using it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mypolis.foundation.lib.money import Money, format_money
from mypolis.insurance.coverage.cover import BenefitCover, PolicyCover
from mypolis.insurance.coverage.plan_books.benefit_texts import percent, say
from mypolis.insurance.coverage.plan_books.plan import Benefit, Copayment, Excess


@dataclass(frozen=True)
class Condition:
    """A condition: its name, a sentence, an icon, and whether to show the phone number to call."""

    title: str
    text: str
    icon: str
    says_call: bool = False


def conditions_of(found: BenefitCover, cover: PolicyCover) -> list[Condition]:
    """All conditions of a benefit, most important first."""
    benefit = found.benefit
    currency = cover.plan.currency if cover.plan else ""
    return [
        *_waiting(found),
        *_approval(benefit),
        *_shares(benefit, currency),
        *_reimbursement(benefit),
        *_network(benefit, cover),
    ]


def _waiting(found: BenefitCover) -> Iterator[Condition]:
    days = found.benefit.waiting_days
    if not days:
        return
    length = ngettext("%(number)d day", "%(number)d days", days) % {"number": days}
    if found.waits_until is None:
        text = _("%(length)s from your first day. It has passed, so you can use this benefit.")
    else:
        text = _("%(length)s from your first day. You can use this benefit from %(day)s.")
    day = date_format(found.waits_until, "DATE_FORMAT") if found.waits_until else ""
    yield Condition(_("Waiting period"), text % {"length": length, "day": day}, "clock")


def _approval(benefit: Benefit) -> Iterator[Condition]:
    if benefit.needs_approval:
        text = _("We need to approve it first. In an emergency, get help first and tell us afterwards.")
        yield Condition(_("Ask us first"), text, "phone", says_call=True)


def _shares(benefit: Benefit, currency: str) -> Iterator[Condition]:
    """What the member pays; an excess comes first, because the co-payment is a share of what it leaves."""
    title = _("What you pay yourself")
    if benefit.excess is not None:
        yield Condition(title, _excess(benefit.excess, currency), "wallet")
    if benefit.copayment is not None:
        yield Condition(
            title, _copayment(benefit.copayment, currency, after_excess=benefit.excess is not None), "wallet"
        )


def _copayment(copayment: Copayment, currency: str, *, after_excess: bool) -> str:
    words = {"share": percent(copayment.percent)}
    if copayment.cap is None:
        return (
            _("Then %(share)s of what is left of each bill.") if after_excess else _("%(share)s of each bill.")
        ) % words
    words["most"] = format_money(Money(copayment.cap, currency))
    if after_excess:
        text = _("Then %(share)s of what is left of each bill, but never more than %(most)s a bill.")
    else:
        text = _("%(share)s of each bill, but never more than %(most)s a bill.")
    return text % words


def _excess(excess: Excess, currency: str) -> str:
    amount = format_money(Money(excess.amount, currency))
    sentence = {
        "year": _("The first %(amount)s of a year."),
        "case": _("The first %(amount)s of each case."),
        "visit": _("The first %(amount)s of each visit."),
    }[excess.per]
    return sentence % {"amount": amount}


def _reimbursement(benefit: Benefit) -> Iterator[Condition]:
    share = benefit.reimbursement
    if share is None:
        return
    if share >= 100:
        text = _("If you pay a clinic outside the network, we pay back the whole bill, up to the limits.")
    else:
        text = _("If you pay a clinic outside the network, we pay back %(share)s of the bill, up to the limits.")
    yield Condition(_("If you pay first"), text % {"share": percent(share)}, "claim")


def _network(benefit: Benefit, cover: PolicyCover) -> Iterator[Condition]:
    network = benefit.network or (cover.plan.network if cover.plan else None)
    if network is not None:
        yield Condition(_("Where"), f"{say(network.name)}. {say(network.explanation)}", "pin", says_call=True)
