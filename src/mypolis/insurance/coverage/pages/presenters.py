"""Values for the pages of cover: rows, groups and summaries, made from what `cover.py` loads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.coverage.cover import BenefitCover, LimitCover, PolicyCover
from mypolis.insurance.coverage.ledger.usage import LimitUsage
from mypolis.insurance.coverage.pages.limit_bars import (
    Bar,
    bar_of,
    binding,
    by_what_binds,
    is_untouched_sum,
    is_used_up,
    left_in_words,
    sum_in_words,
)
from mypolis.insurance.coverage.plan_books.benefit_texts import limit_in_words, say
from mypolis.insurance.coverage.plan_books.plan import PlanDocument
from mypolis.insurance.coverage.plan_books.vocabulary import FIELDS, TYPE_LABELS, Field
from mypolis.insurance.coverage.search.verdicts import Answer, answer_for
from mypolis.membership.people.models import Membership

_NAMES_OF_A_BAR = 3
_BARS_AT_HOME = 2


@dataclass(frozen=True)
class Row:
    """A benefit in a list: at the end of the row, what is left, or a badge if it does not pay today."""

    url: str
    name: str
    text: str
    value: str
    value_note: str
    badge: str
    badge_kind: str


@dataclass(frozen=True)
class Group:
    """Benefits that are shown together."""

    label: str
    icon: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class PolicyShown:
    """The head of a policy: what it is, who is insured, and until when."""

    url: str
    title: str
    kind: str
    cover: PolicyCover

    @property
    def membership(self) -> Membership:
        """The membership, with its policy and numbers."""
        return self.cover.membership


def policy_shown(cover: PolicyCover) -> PolicyShown:
    """The head of a policy. Its title is the plan's name, else the plan word of the insurer's list, else the type."""
    row, policy = cover.membership, cover.membership.policy
    labels = {kind.key: force_str(kind.label) for kind in profile_of(policy.market).policy_types}
    kind = say(cover.plan.product_name) if cover.plan else labels.get(policy.type, policy.type)
    return PolicyShown(
        url=policy_url(row),
        title=say(cover.plan.name) if cover.plan else row.plan or kind,
        kind=kind,
        cover=cover,
    )


def policy_url(row: Membership) -> str:
    """The page of a policy."""
    return reverse("cover-policy", args=[row.policy.market, row.pk])


def benefit_url(row: Membership, key: str) -> str:
    """The page of one benefit of the policy."""
    return reverse("cover-benefit", args=[row.policy.market, row.pk, key])


def groups_of(cover: PolicyCover) -> list[Group]:
    """A policy's benefits, grouped by topic."""
    found = [(field, [one for one in cover.benefits if one.benefit.type in field.types]) for field in FIELDS]
    return [_group(field, benefits, cover) for field, benefits in found if benefits]


def _group(field: Field, benefits: Iterable[BenefitCover], cover: PolicyCover) -> Group:
    return Group(force_str(field.label), field.icon, [_row(one, cover) for one in benefits])


def _row(found: BenefitCover, cover: PolicyCover) -> Row:
    name, kind = say(found.benefit.name), force_str(TYPE_LABELS[found.benefit.type])
    value, note, badge, tone = "", "", "", ""
    if found.waits_until is not None and cover.status != "ended":
        badge, tone = _("From %(day)s") % {"day": date_format(found.waits_until, "SHORT_DATE_FORMAT")}, "warn"
    elif is_used_up(found):
        badge, tone = _("Used up"), "warn"
    elif (first := binding(found)) is not None and cover.plan:
        value, note = _value(first, cover.plan)
    return Row(
        url=benefit_url(cover.membership, found.benefit.key),
        name=name,
        text="" if kind == name else kind,
        value=value,
        value_note=note,
        badge=badge,
        badge_kind=tone,
    )


def _value(first: LimitCover, plan: PlanDocument) -> tuple[str, str]:
    """The value at the end of a row, from the limit that is exhausted first, and the word beneath it."""
    if is_untouched_sum(first, plan):
        return sum_in_words(first.limit, plan.currency), _("sum insured")
    if first.usage is None:
        return limit_in_words(first.limit, plan.currency), ""
    return left_in_words(first.limit, first.usage, plan.currency), _("left")


@dataclass(frozen=True)
class LimitShown:
    """A limit on a benefit's page: a bar if it counts over time, otherwise a sentence."""

    text: str
    bar: Bar | None = None


@dataclass(frozen=True)
class BenefitShown:
    """One benefit: the short answer, and its limits, with the one that is exhausted first at the top."""

    answer: Answer
    limits: Sequence[LimitShown]

    @property
    def has_held(self) -> bool:
        """Whether any bar shows a reserved part, so that the legend is needed."""
        return any(limit.bar and limit.bar.held for limit in self.limits)


def benefit_shown(found: BenefitCover, cover: PolicyCover) -> BenefitShown:
    """The values of a benefit's page, except its texts."""
    return BenefitShown(answer_for(found, cover), [_limit_shown(one, cover) for one in by_what_binds(found)])


def _limit_shown(found: LimitCover, cover: PolicyCover) -> LimitShown:
    currency = cover.plan.currency if cover.plan else ""
    if is_untouched_sum(found, cover.plan):
        return LimitShown(_("Sum insured: %(sum)s") % {"sum": sum_in_words(found.limit, currency)})
    if found.usage is None:
        return LimitShown(limit_in_words(found.limit, currency))
    bar = bar_of(found, found.usage, cover)
    return LimitShown(bar.label, bar)


def glance(cover: PolicyCover) -> list[Bar]:
    """A few limits of a policy that a member would check first: those with the highest usage.

    A sum insured without usage is left out, because there is nothing to follow.
    """
    counting = [
        (one, one.usage)
        for benefit in cover.benefits
        for one in benefit.limits
        if one.usage is not None and not is_untouched_sum(one, cover.plan)
    ]
    first: dict[tuple[str, ...], tuple[LimitCover, LimitUsage]] = {}
    for pair in sorted(counting, key=lambda pair: _share_taken(*pair), reverse=True):
        first.setdefault(pair[0].limit.benefits, pair)  # one limit for the same benefits: another would repeat the name
    return [bar_of(one, usage, cover, label=_names(one, cover)) for one, usage in list(first.values())[:_BARS_AT_HOME]]


def _share_taken(found: LimitCover, usage: LimitUsage) -> float:
    taken = usage.used + usage.reserved
    return float(taken / found.limit.size) if found.limit.size else 0.0


def _names(found: LimitCover, cover: PolicyCover) -> str:
    """The names of the benefits that share a limit; only the first ones if there are many."""
    plan = cover.plan
    named = [benefit for key in found.limit.benefits if plan and (benefit := plan.benefit(key)) is not None]
    names = ", ".join(say(benefit.name) for benefit in named[:_NAMES_OF_A_BAR])
    return f"{names} …" if len(named) > _NAMES_OF_A_BAR else names
