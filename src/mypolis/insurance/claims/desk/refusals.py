"""Why the desk refuses something, and who can do it instead."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Role


class Why(StrEnum):
    """What stands in the way."""

    NO_RIGHT = "no_right"
    IN_OTHER_HANDS = "in_other_hands"
    NOT_IN_HAND = "not_in_hand"
    OWN_OR_FAMILY = "own_or_family"
    TOOK_PART = "took_part"
    ASSESSED_IT = "assessed_it"
    ENTERED_IT = "entered_it"
    COLLEAGUE_MAY_NOT = "colleague_may_not"
    WRONG_STATE = "wrong_state"
    HIGHER_AUTHORITY = "higher_authority"
    DECISION_WAITS = "decision_waits"
    DECIDED_BY_OTHER = "decided_by_other"
    TOO_LATE = "too_late"
    UNDER_APPEAL = "under_appeal"


_SENTENCES: Mapping[Why, Promise] = {
    Why.NO_RIGHT: _("Your roles do not allow this."),
    Why.IN_OTHER_HANDS: _("%(name)s has this claim in hand. You can take it over, or ask them."),
    Why.NOT_IN_HAND: _("Take this claim first, so that your colleagues can see who works on it."),
    Why.OWN_OR_FAMILY: _("This claim is your own or your family’s."),
    Why.TOOK_PART: _("You took part in the decision that the member appealed."),
    Why.ASSESSED_IT: _("You assessed this claim, so somebody else has to check it."),
    Why.ENTERED_IT: _("You entered this claim, so somebody else has to decide it."),
    Why.COLLEAGUE_MAY_NOT: _("%(name)s may not work on this claim. Please choose another colleague."),
    Why.WRONG_STATE: _("The claim is not at this point now. Reload the page to see what happened."),
    Why.HIGHER_AUTHORITY: _("This sum is above what you may confirm."),
    Why.DECISION_WAITS: _("This claim was decided a moment ago. Nothing else can be done until the decision is sent."),
    Why.DECIDED_BY_OTHER: _("Only the colleague who decided can take the decision back."),
    Why.TOO_LATE: _("The decision cannot be taken back any more. The member can appeal it."),
    Why.UNDER_APPEAL: _("The member appealed, so this claim ends with a decision."),
}
_ROLES: Mapping[Role, Promise] = {
    "assessor": _("Another assessor can do it."),
    "senior-assessor": _("A senior assessor can do it."),
}


class Refused(Exception):
    """The desk refuses: `why`, and `who_can` do it. `holder` is the colleague whom the reason names."""

    def __init__(self, why: Why, *, who_can: Role | None = None, holder: str = "") -> None:
        super().__init__(str(why))
        self.why, self.who_can, self.holder = why, who_can, holder

    @property
    def sentence(self) -> str:
        """What the member of staff reads, in the current language: the reason, and who can do it."""
        said = str(_SENTENCES[self.why]) % {"name": self.holder}
        return f"{said} {_ROLES[self.who_can]}" if self.who_can is not None else said
