"""What can be done with a guarantee at the desk: each act with its page and the words on it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Text
from mypolis.insurance.guarantees.lifecycle.states import State, can_change


@dataclass(frozen=True)
class Act:
    """Leads to a state. `route` is the page's name, `label` its heading and the button's words."""

    to: State
    route: str
    label: Text
    kind: str = ""


ACTS = (
    Act(State.GIVEN, "desk-give-guarantee", _("Give the letter")),
    Act(State.EXTENDED, "desk-extend-guarantee", _("Extend the letter")),
    Act(State.FINAL, "desk-final-guarantee", _("Make the final letter"), "plain"),
    Act(State.REFUSED, "desk-refuse-guarantee", _("Refuse"), "danger"),
    Act(State.REVOKED, "desk-revoke-guarantee", _("Revoke the letter"), "danger"),
)


def acts_for(state: State) -> list[Act]:
    """The acts that a person may do in this state, in the order of the page."""
    return [act for act in ACTS if can_change(state, act.to, "staff")]


def act_to(state: State) -> Act:
    """The act that leads to a state. Raises KeyError if none does."""
    return {act.to: act for act in ACTS}[state]
