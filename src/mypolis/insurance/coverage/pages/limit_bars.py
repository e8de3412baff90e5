"""Limits as pages draw them: what is left, in words and numbers; the bar only repeats it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.insurance.coverage.cover import BenefitCover, LimitCover, PolicyCover
from mypolis.insurance.coverage.ledger.usage import LimitUsage
from mypolis.insurance.coverage.plan_books.benefit_texts import limit_in_words, measured, say
from mypolis.insurance.coverage.plan_books.plan import Limit, PlanDocument

_LITTLE = 5  # a limit is "little" when a fifth or less is left


@dataclass(frozen=True)
class Bar:
    """A limit that counts over time. `used` and `held` are integer percentages; `kind` is "" or "warn"."""

    label: str
    left: str
    note: str
    used: int
    held: int
    kind: str
    more: tuple[str, ...] = ()


def bar_of(found: LimitCover, usage: LimitUsage, cover: PolicyCover, *, label: str = "") -> Bar:
    """The bar of a limit, with the limit's own words or another label."""
    limit = found.limit
    currency = cover.plan.currency if cover.plan else ""
    used, held = _shares(limit.size, usage)
    return Bar(
        label=label or limit_in_words(limit, currency),
        left=_left(limit, usage, currency),
        note=_note(limit, usage, currency),
        used=used,
        held=held,
        kind="warn" if usage.left * _LITTLE <= limit.size else "",
        more=tuple(_more(found, cover)),
    )


def by_what_binds(found: BenefitCover) -> list[LimitCover]:
    """The limits of a benefit in the order in which they will be exhausted: least money first, then the smallest count.

    A limit per visit starts full each time; it still comes before a yearly limit with more left.
    """
    return sorted(found.limits, key=lambda one: (one.limit.measure != "amount", available(one), one.usage is None))


def binding(found: BenefitCover) -> LimitCover | None:
    """The limit that will be exhausted first; None if there is none."""
    return next(iter(by_what_binds(found)), None)


def available(found: LimitCover) -> Decimal:
    """How much of a limit can be used the next time."""
    return found.limit.size if found.usage is None else found.usage.left


def is_untouched_sum(found: LimitCover, plan: PlanDocument | None) -> bool:
    """Whether this is a sum insured without usage. Then no bar is drawn, because it would say "used 0"."""
    usage = found.usage
    untouched = usage is not None and usage.used <= 0 and usage.reserved <= 0
    return untouched and plan is not None and plan.is_sum_insured(found.limit)


def sum_in_words(limit: Limit, currency: str) -> str:
    """ "EUR 20,000", "RSD 1,800,000 a year": the most that is paid when an event happens."""
    return measured(limit, limit.size, currency) if limit.per == "lifetime" else limit_in_words(limit, currency)


def is_used_up(found: BenefitCover) -> bool:
    """Whether any of the limits is exhausted."""
    return any(one.usage is not None and one.usage.left <= 0 for one in found.limits)


def left_in_words(limit: Limit, usage: LimitUsage, currency: str) -> str:
    """ "RSD 41,000", "3 visits"."""
    return measured(limit, max(usage.left, Decimal(0)), currency)


def _shares(size: Decimal, usage: LimitUsage) -> tuple[int, int]:
    """Used and held as integer percentages, together at most 100; anything above zero stays visible."""
    if size <= 0:
        return 100, 0
    used = min(100, _percent(usage.used, size))
    return used, min(100 - used, _percent(usage.reserved, size))


def _percent(part: Decimal, whole: Decimal) -> int:
    return max(1, round(part * 100 / whole)) if part > 0 else 0


def _left(limit: Limit, usage: LimitUsage, currency: str) -> str:
    if usage.left <= 0:
        return _("Nothing left")
    return _("%(amount)s left") % {"amount": left_in_words(limit, usage, currency)}


def _note(limit: Limit, usage: LimitUsage, currency: str) -> str:
    """What is used and what is reserved, out of how much."""
    parts = [_("Used: %(amount)s") % {"amount": measured(limit, max(usage.used, Decimal(0)), currency)}]
    if usage.reserved > 0:
        parts.append(_("Set aside: %(amount)s") % {"amount": measured(limit, usage.reserved, currency)})
    return " · ".join([*parts, _("Limit: %(amount)s") % {"amount": measured(limit, limit.size, currency)}])


def _more(found: LimitCover, cover: PolicyCover) -> list[str]:
    """Which people and benefits share the limit, and when it restarts."""
    limit, lines = found.limit, []
    if len(limit.benefits) > 1 and cover.plan:
        named = [benefit for key in limit.benefits if (benefit := cover.plan.benefit(key)) is not None]
        names = ", ".join(say(benefit.name) for benefit in named)
        lines.append(_("One limit shared by: %(benefits)s.") % {"benefits": names})
    if limit.family:
        lines.append(_("Your whole family uses it together."))
    if found.span is not None:
        span = {
            "first": date_format(found.span.first, "DATE_FORMAT"),
            "last": date_format(found.span.last, "DATE_FORMAT"),
        }
        lines.append(_("Counted from %(first)s to %(last)s.") % span)
    return lines
