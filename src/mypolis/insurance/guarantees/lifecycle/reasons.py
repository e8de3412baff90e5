"""Why a guarantee was refused or revoked: a code with the sentence that the member reads, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OTHER: Final = "other"
"""No ready-made sentence: the decider's own words are needed."""

REFUSALS: Final[Mapping[str, Promise]] = {
    "not_in_plan": _("Your plan does not pay for this treatment."),
    "waiting_period": _("On the planned days, the waiting period for this treatment is not over yet."),
    "limit_used": _("The limit of your plan for this treatment is used up."),
    "cover_ends": _("Your cover ends before the planned treatment."),
    "no_referral": _("We need a doctor’s referral first. When you have it, please ask again."),
    "outside_network": _("Your plan does not pay at this clinic. Please ask again for a clinic of the network."),
    "incomplete": _("We cannot decide with what we know. Please ask the clinic for an estimate, and ask again."),
}
REVOCATIONS: Final[Mapping[str, Promise]] = {
    "cancelled": _("The treatment will not take place."),
    "cover_ended": _("Your cover has ended."),
    "other_facts": _("The treatment is not the one for which we gave the letter."),
}
_SENTENCES: Final[Mapping[str, Promise]] = {**REVOCATIONS, **REFUSALS}


def said(code: str, words: str) -> tuple[str, ...]:
    """What the member reads, in the active language: the sentence of the code, and the decider's own words if any."""
    sentence = "" if code in ("", OTHER) else str(_SENTENCES[code])
    return tuple(part for part in (sentence, words) if part)
