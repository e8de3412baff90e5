"""What the pages say before staff do something for a person."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.staff.act_page import Act

LOCK = Act(
    title=_("Lock the account"),
    text=_(
        "All sessions end, and nobody can sign in or choose a new password. The member gets a message. The cover stays "
        "as it is."
    ),
    button=_("Lock the account"),
    is_dangerous=True,
)
UNLOCK = Act(
    title=_("Unlock the account"),
    text=_(
        "A second operator must approve. If a contact of the member is wrong, correct it first. Then the member gets a "
        "message and can sign in again."
    ),
    button=_("Propose to unlock it"),
)
CORRECT_CONTACT = Act(
    title=_("Correct a contact"),
    text=_("A second operator must approve. Then all sessions end, and the member is told at the old contact too."),
    button=_("Propose the change"),
)
