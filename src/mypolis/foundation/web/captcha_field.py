"""The captcha as a form field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.fields import DrawnField


@dataclass(frozen=True)
class Recaptcha:
    """What a page needs to ask Google: its script, our public key, the name of what the form does."""

    script_url: str
    site_key: str
    action: str
    privacy_url: str = "https://policies.google.com/privacy"
    terms_url: str = "https://policies.google.com/terms"


class CaptchaInput(forms.HiddenInput):
    """The solved challenge, or, where scripts are off, the signed form that it stands in; before it Google's token."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The script's solution under the plain name; else the signed form, marked as such."""
        solution = data.get(name)
        form = data.get(f"{name}_form")
        own = solution or (f"form:{form}" if form else None)
        token = data.get(f"{name}_recaptcha")
        return f"recaptcha:{token} {own or ''}" if token else own


class CaptchaField(DrawnField, forms.CharField):
    """Proof that a machine worked a little or a person waited a little; judged by `guards.captcha`.

    With a `recaptcha` the page asks Google as well.
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
