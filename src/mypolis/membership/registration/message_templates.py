"""The messages that this room sends; their texts are in `templates/notices/`."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.notices.catalogue import Template

_SIGNIN = "https://portal.example/rs/signin/"

MESSAGES = (
    Template("account-created", {"given_name": "Mira", "signin_url": _SIGNIN}, title=_("Account created")),
    Template(
        "account-exists",
        {"signin_url": _SIGNIN, "recover_url": "https://portal.example/rs/recover/"},
        title=_("An account exists already"),
    ),
    Template("username-made", {"username": "melati47", "signin_url": _SIGNIN}, title=_("Username at registration")),
)
