"""What members' programs read of a guarantee."""

from typing import Any

from mypolis.insurance.guarantees.lifecycle.reasons import said
from mypolis.insurance.guarantees.lifecycle.states import STATE_LABELS, State
from mypolis.insurance.guarantees.models import Guarantee


def guarantee_document(one: Guarantee) -> dict[str, Any]:
    """A guarantee with its history, in the active language. Sums are null before a promise was made."""
    is_promised = one.valid_until is not None
    return {
        "number": one.number,
        "state": one.state,
        "headline": str(STATE_LABELS[one.in_state]),
        "holds": one.stands,
        "membership": str(one.membership_id),
        "benefit": one.benefit,
        "provider": one.provider.code if one.provider is not None else None,
        "provider_name": one.provider_name,
        "planned_from": one.planned_from,
        "planned_to": one.planned_to,
        "expected": f"{one.expected:.2f}",
        "promised": f"{one.promised:.2f}" if is_promised else None,
        "own_share": f"{one.own_share:.2f}" if is_promised else None,
        "currency": one.currency,
        "conditions": one.conditions,
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "asked_at": one.asked_at,
        "timeline": [
            {
                "state": change.after,
                "headline": str(STATE_LABELS[State(change.after)]),
                "at": change.at,
                "reasons": list(said(change.code, change.reason)),
            }
            for change in one.changes.all()
        ],
    }
