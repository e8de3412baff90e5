"""Why the desk refuses something about a guarantee, and what to do instead."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Why(StrEnum):
    """What stands in the way."""

    NO_RIGHT = "no_right"
    IN_OTHER_HANDS = "in_other_hands"
    NOT_IN_HAND = "not_in_hand"
    OWN_OR_FAMILY = "own_or_family"
    PROPOSED_IT = "proposed_it"
    WAITS_FOR_SECOND = "waits_for_second"
    NOTHING_PROPOSED = "nothing_proposed"
    HIGHER_AUTHORITY = "higher_authority"
    WRONG_STATE = "wrong_state"
    PAYS_NOTHING = "pays_nothing"


_SENTENCES: Mapping[Why, Promise] = {
    Why.NO_RIGHT: _("Your roles do not allow this."),
    Why.IN_OTHER_HANDS: _("%(name)s has this guarantee in hand. You can take it over, or ask them."),
    Why.NOT_IN_HAND: _("Take this guarantee first, so that your colleagues can see who works on it."),
    Why.OWN_OR_FAMILY: _("This guarantee is your own or your family’s. Another assessor can decide about it."),
    Why.PROPOSED_IT: _("You proposed this, so somebody else has to confirm it."),
    Why.WAITS_FOR_SECOND: _("This guarantee waits for a second person."),
    Why.NOTHING_PROPOSED: _("Nothing waits for your confirmation here. Reload the page to see what happened."),
    Why.HIGHER_AUTHORITY: _("This sum is above what you may confirm. A senior assessor can do it."),
    Why.WRONG_STATE: _("The guarantee is not at this point now. Reload the page to see what happened."),
    Why.PAYS_NOTHING: _("The plan would pay nothing of this. You can refuse it, and say why."),
}


class Refused(Exception):
    """The desk refuses: `why`. `holder` is the colleague who has the guarantee in hand."""

    def __init__(self, why: Why, *, holder: str = "") -> None:
        super().__init__(str(why))
        self.why, self.holder = why, holder

    @property
    def sentence(self) -> str:
        """What the member of staff reads, in the active language."""
        return str(_SENTENCES[self.why]) % {"name": self.holder}
