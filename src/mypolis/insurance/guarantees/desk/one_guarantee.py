"""What the desk's page of one guarantee shows. Whoever does not have it in hand reads no person and no treatment."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.functional import Promise

from mypolis.foundation.lib.money import Money
from mypolis.foundation.staff.models import StaffAccount
from mypolis.insurance.claims.desk.limits_left import limits_left
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.plan_books.benefit_texts import limit_in_words, measured, say
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on
from mypolis.insurance.guarantees.desk.acts import Act, acts_for
from mypolis.insurance.guarantees.desk.desk_forms import RemarkForm
from mypolis.insurance.guarantees.lifecycle.reasons import said
from mypolis.insurance.guarantees.lifecycle.states import STATE_LABELS, State
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeInHand, GuaranteeProposal
from mypolis.insurance.guarantees.promises.promise import is_in_network_of
from mypolis.insurance.guarantees.rights import REVIEW_GUARANTEES
from mypolis.membership.family.staff_relations.colleagues import is_own_or_family


@dataclass(frozen=True)
class Waiting:
    """A proposal, its promise, and whether this person may confirm it or send it back."""

    proposal: GuaranteeProposal
    label: Promise
    promised: Money
    may_confirm: bool


def found_in(market: str, key: UUID | str) -> Guarantee:
    """The guarantee of a market, with who has it in hand and what is proposed. Raises Http404."""
    rows = Guarantee.objects.filter(market=market).select_related(
        "membership__policy", "membership__person", "provider", "account", "in_hand", "proposal"
    )
    found = rows.filter(pk=key).first()
    if found is None:
        raise Http404("no such guarantee")
    return found


def holder_of(one: Guarantee) -> GuaranteeInHand | None:
    """Who has it in hand."""
    return getattr(one, "in_hand", None)


def is_held(one: Guarantee, staff: StaffAccount) -> bool:
    """Whether this person has it in hand and may read it: nobody reads what is their own or their family's."""
    holder = holder_of(one)
    is_theirs = holder is not None and holder.staff == staff.pk
    return is_theirs and not is_own_or_family(staff.pk, one.membership)


def shown_to(one: Guarantee, staff: StaffAccount) -> dict[str, Any]:
    """The page's context."""
    is_mine = is_held(one, staff)
    return {
        "one": one,
        "label": STATE_LABELS[one.in_state],
        "sums": {name: Money(getattr(one, name), one.currency) for name in ("expected", "promised", "own_share")},
        "holder": holder_of(one),
        "is_mine": is_mine,
        "waiting": waiting_for(one, staff, is_mine=is_mine),
        "form": RemarkForm(),
        **(_health(one) if is_mine else {}),
        "acts": acts(one) if is_mine else [],
    }


def waiting_for(one: Guarantee, staff: StaffAccount, *, is_mine: bool) -> Waiting | None:
    """What somebody proposed for it; None if nothing. `is_mine`: whether this person has it in hand."""
    proposal: GuaranteeProposal | None = getattr(one, "proposal", None)
    if proposal is None:
        return None
    return Waiting(
        proposal,
        STATE_LABELS[State(proposal.to)],
        Money(proposal.promised, one.currency),
        may_confirm=is_mine
        and not proposal.is_returned
        and proposal.proposed_by != staff.pk
        and staff.may(REVIEW_GUARANTEES, one.market),
    )


def acts(one: Guarantee) -> list[Act]:
    """What can be done with it now; nothing but revoking while a proposal waits."""
    proposal: GuaranteeProposal | None = getattr(one, "proposal", None)
    is_waiting = proposal is not None and not proposal.is_returned
    return [act for act in acts_for(one.in_state) if not is_waiting or act.to == State.REVOKED]


def _health(one: Guarantee) -> dict[str, Any]:
    """What only whoever has the guarantee in hand reads."""
    plan = plan_on(one.membership, one.planned_from)
    benefit = plan.benefit(one.benefit) if plan is not None else None
    return {
        "benefit": say(benefit.name) if benefit is not None else one.benefit,
        "is_in_network": is_in_network_of(plan, one),
        "limits": _limits(one),
        "letters": [(letter, STATE_LABELS[State(letter.kind)]) for letter in one.letters.order_by("-pk")],
        "bills": list(one.bills.select_related("claim").order_by("-at")),
        "changes": [
            (STATE_LABELS[State(change.after)], change, said(change.code, change.reason))
            for change in one.changes.all()
        ],
    }


def _limits(one: Guarantee) -> list[tuple[str, str, str, bool]]:
    """Each limit in words, what is left and reserved in the year of treatment, and whether the family shares it."""
    claim = Claim(market=one.market, membership=one.membership, treated_on=one.planned_from, benefit=one.benefit)
    return [
        (
            limit_in_words(row.limit, row.currency),
            measured(row.limit, row.on_the_day.left, row.currency),
            measured(row.limit, row.on_the_day.reserved, row.currency),
            row.is_family,
        )
        for row in limits_left(claim, frozenset({one.benefit}))
    ]
