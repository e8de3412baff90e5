"""The captcha as a form field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.form_fields.fields import DrawnField


@dataclass(frozen=True)
class Recaptcha:
    """What a page needs for reCAPTCHA: Google's script, our public key, and the form's action name."""

    script_url: str
    site_key: str
    action: str
    privacy_url: str = "https://policies.google.com/privacy"
    terms_url: str = "https://policies.google.com/terms"


class CaptchaInput(forms.HiddenInput):
    """A hidden input with the solved challenge or, without scripts, the signed form token; plus Google's token."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the script's solution, else `form:` and the signed token; after `recaptcha:TOKEN` if there is one."""
        solution = data.get(name)
        form = data.get(f"{name}_form")
        own = solution or (f"form:{form}" if form else None)
        token = data.get(f"{name}_recaptcha")
        return f"recaptcha:{token} {own or ''}" if token else own


class CaptchaField(DrawnField, forms.CharField):
    """A proof of work by the browser, or a proof that the person waited. `guards.captcha` checks it.

    With `recaptcha` the page also requests a token from Google.
    """

    kind = "captcha"
    json_type = "captcha"
    secret = True
    autocomplete = "off"
    widget = CaptchaInput

    def __init__(self, **kwargs: Any) -> None:
        self.challenge_url = ""
        self.signed_form = ""
        self.recaptcha: Recaptcha | None = None
        messages = {"required": _("Please wait a few seconds and send the form again.")}
        super().__init__(
            label=_("Confirmation that you are not a robot"), max_length=8192, error_messages=messages, **kwargs
        )
