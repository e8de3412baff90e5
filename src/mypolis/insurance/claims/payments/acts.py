"""What the pages say before a payment run ends without its payments."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.staff.act_page import Act

WITHDRAW_RUN = Act(
    title=_("Withdraw the run"),
    text=_("Its payments become due again, for the next run. This run cannot be used any more."),
    button=_("Withdraw this run"),
    is_dangerous=True,
)
BANK_REFUSED_RUN = Act(
    title=_("The bank refused the whole file"),
    text=_(
        "Only if the bank has paid nothing of it. All its payments become due again, and the next run pays them: what "
        "the bank paid after all would be paid twice."
    ),
    button=_("The bank paid nothing: withdraw the run"),
    is_dangerous=True,
)
