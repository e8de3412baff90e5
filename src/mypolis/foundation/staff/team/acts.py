"""What the pages say before a role is taken away or an account is closed. One person does both, so each asks first."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.staff.act_page import Act

TAKE_ROLE = Act(
    title=_("Take a role away"),
    text=_("It ends with the colleague’s next request. To give it back, a second administrator must approve."),
    button=_("Take this role away"),
    is_dangerous=True,
)
CLOSE_ACCOUNT = Act(
    title=_("Close an account"),
    text=_(
        "All sessions of the colleague end, and they can no longer sign in. What they did stays in the records. To "
        "reopen the account, a second administrator must approve."
    ),
    button=_("Close this account"),
    is_dangerous=True,
)
