"""Russia: mobile and password, and a code on a new device. Recovery by mobile and birth date.

The birth date is needed because a mobile number may have a new owner.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.journeys.definitions.answers import Facts
from mypolis.foundation.journeys.definitions.steps import StepForm
from mypolis.foundation.markets.russia import PROFILE
from mypolis.foundation.web.form_fields.date_field import BirthDateField
from mypolis.foundation.web.form_fields.fields import MobileField
from mypolis.membership.signin.authenticator import link_authenticator, unlink_authenticator
from mypolis.membership.signin.contact_changes import change_email, change_mobile
from mypolis.membership.signin.credentials import signin
from mypolis.membership.signin.recovery import recovery_by_code


class RecoverForm(StepForm):
    """Two facts about the person who forgot the password."""

    mobile = MobileField(region=PROFILE.region, label=_("Mobile phone"))
    birth_date = BirthDateField(label=_("Date of birth"))


def born_that_day(clean: Facts) -> Q:
    """The condition that the account's holder was born on the typed day."""
    return Q(person__birth_date=clean["birth_date"])


JOURNEYS = (
    signin(PROFILE),
    change_email(PROFILE),
    change_mobile(PROFILE),
    link_authenticator(PROFILE),
    unlink_authenticator(PROFILE),
    recovery_by_code(
        PROFILE,
        form=RecoverForm,
        channel="sms",
        fits=born_that_day,
        help_=_("We will send a code to your mobile phone."),
    ),
)
