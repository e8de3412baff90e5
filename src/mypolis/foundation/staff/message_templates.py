"""The messages that this room sends to staff; their texts are in `templates/notices/`."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.notices.catalogue import BOTH, Template

_DESK = "https://portal.example/desk/"

MESSAGES = (
    Template(
        "staff-invitation",
        {"name": "Vesna", "url": f"{_DESK}i/3q2-7wAAAAAAAAAAAAAAAAAAAAA", "hours": 24},
        title=_("Invitation to the desk"),
    ),
    Template(
        "staff-reset",
        {"name": "Vesna", "url": f"{_DESK}i/3q2-7wAAAAAAAAAAAAAAAAAAAAA", "hours": 24},
        title=_("New start for sign-in at the desk"),
    ),
    Template("staff-reset-told", {"name": "Vesna Ilić", "url": _DESK}, title=_("A colleague sets up sign-in again")),
    Template("staff-factor-added", {"url": f"{_DESK}me/"}, title=_("Factor added at the desk")),
    Template("staff-factor-removed", {"url": f"{_DESK}me/"}, title=_("Factor removed at the desk")),
    Template("test-message", channels=BOTH, title=_("Test message")),
    Template("staff-recovery-used", {"name": "Vesna Ilić", "url": _DESK}, title=_("Recovery code used at the desk")),
)
