"""What the pages say before somebody removes a factor of their own."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.staff.act_page import Act

REMOVE_PASSKEY = Act(
    title=_("Remove a passkey"),
    text=_("You can no longer sign in with it. You get a mail about it."),
    button=_("Remove this passkey"),
    is_dangerous=True,
)
REMOVE_APP = Act(
    title=_("Remove the authenticator app"),
    text=_("Its codes are no longer accepted. You get a mail about it."),
    button=_("Remove the app"),
    is_dangerous=True,
)
