"""The captcha as a part of a step: the field, shown if the profile requires it, and the check that uses it up."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards import captcha, recaptcha
from mypolis.foundation.guards.flows import is_risky
from mypolis.foundation.journeys.definitions.answers import Facts, FieldError
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.steps import StepForm, Walk
from mypolis.foundation.web.form_fields.captcha_field import CaptchaField, Recaptcha


class CaptchaForm(StepForm):
    """A form with a captcha: a proof of work, or a minimum waiting time if scripts are off."""

    captcha = CaptchaField()

    def arrange(self) -> None:
        """Set the challenge's URL and the signed form for people without scripts, or remove the field."""
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
        """Show our own captcha to people whom Google takes for a robot."""
        super().add_refusal(errors)
        field = self.fields.get("captcha")
        if isinstance(field, CaptchaField) and "captcha" in self.errors:
            field.recaptcha = None

    @property
    def content_policy(self) -> dict[str, Sequence[str]] | None:
        """The policy that allows Google's script, if the page loads it."""
        field = self.fields.get("captcha")
        return recaptcha.policy() if isinstance(field, CaptchaField) and field.recaptcha else None


def action_of(walk: Walk) -> str:
    """Return the name of the form's action, in characters that reCAPTCHA allows."""
    return f"{walk.journey.market}/{walk.journey.kind}".replace("-", "_")


def _is_asked(walk: Walk) -> bool:
    match walk.profile.captcha:
        case "always":
            return True
        case "never":
            return False
    return is_risky(by=walk.by, market=walk.journey.market)


def require_human(walk: Walk, clean: Facts) -> None:
    """Raise Refused if the captcha's proof is wrong, expired or used. Without a captcha, do nothing."""
    if "captcha" not in clean:
        return
    proof, market = str(clean["captcha"]), walk.journey.market
    if not captcha.is_human(proof, market=market, by=walk.by, action=action_of(walk)):
        message = _("The confirmation that you are not a robot has expired. Please send the form again.")
        raise Refused(FieldError("captcha", "captcha", message))
