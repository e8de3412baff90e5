"""Notices about the account on the member's home page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mypolis.foundation.lib.text.masking import mask_email
from mypolis.foundation.web.sections import Waiting
from mypolis.membership.accounts.sessions.middleware import account_of


def unconfirmed_email(request: HttpRequest) -> Iterator[Waiting]:
    """A notice for an e-mail address that is not confirmed yet. It gets no mail but the confirmation link."""
    account = account_of(request)
    email = account.contact("email") if account else None
    if email is not None and email.confirmed_at is None:
        text = _("Open the email that we sent to %(address)s and press the button in it.")
        yield Waiting(_("Confirm your email address"), text % {"address": mask_email(email.value)}, icon="mail")
