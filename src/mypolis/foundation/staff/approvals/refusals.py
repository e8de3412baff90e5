"""What people read when they may not propose or decide a change."""

from django.template.defaultfilters import date
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from mypolis.foundation.staff.approvals.flows import AlreadyProposed, NotYours


def refusal_of(error: NotYours) -> str:
    """The sentence for a refused proposal or decision. Of an earlier proposal it says whose it is, and from when."""
    if not isinstance(error, AlreadyProposed):
        return why_not(error.why)
    when = date(localtime(error.first.proposed_at), "SHORT_DATETIME_FORMAT")
    return _(
        "A proposal about the same thing already waits: %(name)s, %(when)s. It must be decided or withdrawn first."
    ) % {"name": error.first.proposed_by.name, "when": when}


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
