"""Forms for account security of a signed-in member, shared by pages and API."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web.form_fields.fields import ChoiceField, PasswordField
from mypolis.membership.accounts.forms import show_password_rules
from mypolis.membership.accounts.models import Device
from mypolis.membership.accounts.security.flows import OTHERS, SignedIn


class MemberForm(forms.Form):
    """A form that asks for the present password."""

    present = PasswordField(label=_("Your current password"))

    def __init__(self, data: Mapping[str, object] | None, *, device: Device) -> None:
        self.device = device
        self.until: datetime | None = None
        super().__init__(cast("Any", data))
        self.mark_required = device.account.profile.marks_required

    def refuse_password(self) -> None:
        """Add the error for a wrong present password."""
        self.add_error("present", forms.ValidationError(_("This is not your current password."), "wrong"))

    def refuse_new(self, problems: Iterable[tuple[str, Text]]) -> None:
        """Add the problems of a new password that is too easy to guess."""
        for code, message in problems:
            self.add_error("password", forms.ValidationError(cast("Any", message), code))

    def refuse_for_now(self, limit: LimitReached) -> None:
        """Add the error for too many wrong passwords, until the limit's window ends."""
        self.until = limit.until
        self.add_error(None, forms.ValidationError(str(limit.message), "too_many"))

    def error_list(self) -> list[tuple[str, str, Text]]:
        """(field, code, sentence) of every error."""
        return [
            ("" if name == "__all__" else name, error.code or "invalid", " ".join(error.messages))
            for name, errors in self.errors.as_data().items()
            for error in errors
        ]


class PasswordChangeForm(MemberForm):
    """The present password and a new one, typed twice.

    The new password is compared with the person's own data only after the present one is proven
    (`security.flows.choose_password`). Otherwise the answer would reveal those data to somebody with a borrowed phone.
    """

    password = PasswordField(label=_("New password"), new=True)
    password_repeat = PasswordField(label=_("Repeat new password"), new=True)

    def __init__(self, data: Mapping[str, object] | None, *, device: Device) -> None:
        super().__init__(data, device=device)
        show_password_rules(self, least=device.account.profile.password_min_length)

    def clean(self) -> dict[str, Any]:
        """Check that both new passwords are the same and differ from the present one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        present, password, repeat = (cleaned.get(name) for name in ("present", "password", "password_repeat"))
        if password and repeat and password != repeat:
            differ = _("The two passwords differ. Please type the same one twice.")
            self.add_error("password_repeat", forms.ValidationError(differ, "mismatch"))
        if password and password == present:
            same = _("This is your current password. Please choose another one.")
            self.add_error("password", forms.ValidationError(same, "same"))
        return cleaned


class SignOutForm(MemberForm):
    """Which device, or all others."""

    device_id = ChoiceField(label=_("Which device?"))
    field_order = ("device_id", "present")

    def __init__(self, data: Mapping[str, object] | None, *, device: Device, devices: list[SignedIn]) -> None:
        super().__init__(data, device=device)
        others = [(one.id, f"{one.name}, {one.address}") for one in devices if not one.is_current]
        self.fields["device_id"].choices = [*others, (OTHERS, _("All other devices"))]  # type: ignore[attr-defined]
