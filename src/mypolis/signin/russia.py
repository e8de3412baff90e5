"""Russia: mobile and password, a code on a new device; recovery by mobile and birth date (numbers change hands)."""

from django.utils.translation import gettext_lazy as _

from mypolis.accounts.models import Account
from mypolis.journeys.forms import StepForm
from mypolis.journeys.steps import Facts
from mypolis.journeys.walk import Walk
from mypolis.markets.russia import PROFILE
from mypolis.signin.credentials import find_account, signin
from mypolis.signin.recovery import recovery_by_code
from mypolis.web.fields import BirthDateField, MobileField


class RecoverForm(StepForm):
    """Who asks."""

    mobile = MobileField(region=PROFILE.region, label=_("Mobile phone"))
    birth_date = BirthDateField(label=_("Date of birth"))


def by_mobile(walk: Walk, clean: Facts) -> Account | None:
    """The account that holds the mobile, where its holder was born that day."""
    account = find_account(walk.journey.market, "mobile", str(clean["mobile"]))
    if account is None or account.person.birth_date.isoformat() != clean["birth_date"]:
        return None
    return account


JOURNEYS = (
    signin(PROFILE),
    recovery_by_code(
        PROFILE,
        form=RecoverForm,
        find=by_mobile,
        channel="sms",
        help_=_("We send a code to your mobile phone."),
    ),
)
