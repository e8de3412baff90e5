"""Filters of the list of proposals."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mypolis.foundation.staff.lists.filters import DeskFilters, OneOf
from mypolis.foundation.staff.models import Approval

_STATES = (
    (Approval.State.PROPOSED, _("Waits")),
    (Approval.State.APPLIED, pgettext_lazy("proposal", "Approved")),
    (Approval.State.REJECTED, pgettext_lazy("proposal", "Rejected")),
    (Approval.State.WITHDRAWN, pgettext_lazy("proposal", "Withdrawn")),
    (Approval.State.EXPIRED, _("Too old")),
    (Approval.State.STALE, _("No longer fits")),
)


class ApprovalFilters(DeskFilters):
    """By the state of a proposal: the list shows only the newest, and one that waits may be older."""

    state = OneOf(label=_("State"), choices=[("", _("All")), *((state.value, label) for state, label in _STATES)])
