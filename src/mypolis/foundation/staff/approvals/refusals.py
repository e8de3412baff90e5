"""What people read when they may not propose or decide a change."""

from django.utils.translation import gettext as _


def why_not(code: str) -> str:
    """The sentence for `NotYours.why`. It says who can."""
    texts = {
        "own": _("This change is about you or your family, so a colleague must make it."),
        "proposer": _("The person who proposed a change cannot decide it. Please ask a colleague."),
        "dependent": _("The person who proposed this made you an administrator, so another colleague must decide it."),
        "markets": _("An administrator of all the markets where this colleague works can do it."),
        "closed": _("Somebody decided this meanwhile, or its time is over."),
    }
    return texts.get(code, _("You do not have the right to decide this. Please ask a colleague who has."))
