"""The captcha as part of a step: a field that asks for it, and the check that spends it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mypolis.guards import captcha
from mypolis.journeys.errors import FieldError, Refused
from mypolis.journeys.forms import StepForm
from mypolis.journeys.walk import Walk
from mypolis.web.fields import CaptchaField


class CaptchaForm(StepForm):
    """A form that asks for a proof of work, or of patience where scripts are off."""

    captcha = CaptchaField()

    def arrange(self) -> None:
        """Give the page where to fetch a challenge, and the signed form for people without script."""
        super().arrange()
        field = self.fields["captcha"]
        if isinstance(field, CaptchaField):
            field.challenge_url = reverse("api:captcha", args=[self.walk.journey.market])
            field.signed_form = captcha.signed_form(self.walk.journey.market)


def require_human(walk: Walk, payload: object) -> None:
    """Raises Refused when the captcha's proof is wrong, over, or used."""
    if not captcha.is_human(str(payload), market=walk.journey.market, by=walk.by):
        message = _("The confirmation that you are not a robot has expired. Please send the form again.")
        raise Refused(FieldError("captcha", "captcha", message))
