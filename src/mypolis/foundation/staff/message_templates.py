"""The messages that this room sends to staff; their texts are in `templates/notices/`."""

from mypolis.foundation.notices.catalogue import BOTH, Template

_DESK = "https://portal.example/desk/"

MESSAGES = (
    Template("staff-invitation", {"name": "Vesna", "url": f"{_DESK}i/3q2-7wAAAAAAAAAAAAAAAAAAAAA", "hours": 24}),
    Template("staff-reset", {"name": "Vesna", "url": f"{_DESK}i/3q2-7wAAAAAAAAAAAAAAAAAAAAA", "hours": 24}),
    Template("staff-reset-told", {"name": "Vesna Ilić", "url": _DESK}),
    Template("staff-factor-added", {"url": f"{_DESK}me/"}),
    Template("staff-factor-removed", {"url": f"{_DESK}me/"}),
    Template("test-message", channels=BOTH),
    Template("staff-recovery-used", {"name": "Vesna Ilić", "url": _DESK}),
)
