"""The captcha as part of a step: a field that asks for it where the profile says so, and the check that spends it."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards import captcha, recaptcha
from mypolis.foundation.guards.flows import is_risky
from mypolis.foundation.journeys.definitions.answers import Facts, FieldError
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.steps import StepForm, Walk
from mypolis.foundation.web.captcha_field import CaptchaField, Recaptcha


class CaptchaForm(StepForm):
    """A form that asks for a proof of work, or of patience where scripts are off."""

    captcha = CaptchaField()

    def arrange(self) -> None:
        """Give the page where to fetch a challenge, and the signed form for people without script; or ask for none."""
        super().arrange()
        if not _is_asked(self.walk):
            del self.fields["captcha"]
            return
        field = self.fields["captcha"]
        if isinstance(field, CaptchaField):
            field.challenge_url = reverse("api:captcha", args=[self.walk.journey.market])
            field.signed_form = captcha.signed_form(self.walk.journey.market)
            if captcha.asks_google(self.walk.journey.market):
                config = settings.MYPOLIS
                script_url = f"{config.recaptcha_script_url}?render={config.recaptcha_site_key}"
                field.recaptcha = Recaptcha(script_url, config.recaptcha_site_key or "", action_of(self.walk))

    def add_refusal(self, errors: tuple[FieldError, ...]) -> None:
        """Whom Google takes for a robot proves the contrary by our own captcha."""
        super().add_refusal(errors)
        field = self.fields.get("captcha")
        if isinstance(field, CaptchaField) and "captcha" in self.errors:
            field.recaptcha = None

    @property
    def content_policy(self) -> dict[str, Sequence[str]] | None:
        """Opened for Google's script where the page loads it."""
        field = self.fields.get("captcha")
        return recaptcha.policy() if isinstance(field, CaptchaField) and field.recaptcha else None


def action_of(walk: Walk) -> str:
    """What the form is for, in the signs that reCAPTCHA lets an action have."""
    return f"{walk.journey.market}/{walk.journey.kind}".replace("-", "_")


def _is_asked(walk: Walk) -> bool:
    match walk.profile.captcha:
        case "always":
            return True
        case "never":
            return False
    return is_risky(by=walk.by, market=walk.journey.market)


def require_human(walk: Walk, clean: Facts) -> None:
    """Raises Refused when the captcha's proof is wrong, over, or used; where the form asked for none, all is well."""
    if "captcha" not in clean:
        return
    proof, market = str(clean["captcha"]), walk.journey.market
    if not captcha.is_human(proof, market=market, by=walk.by, action=action_of(walk)):
        message = _("The confirmation that you are not a robot has expired. Please send the form again.")
        raise Refused(FieldError("captcha", "captcha", message))
