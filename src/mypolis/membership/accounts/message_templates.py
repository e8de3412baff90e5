"""The messages that this room sends; their texts are in `templates/notices/`."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.notices.catalogue import BOTH, Template

_SIGNIN = "https://portal.example/rs/signin/"
_LINK = "https://portal.example/rs/i/3q2-7wAAAAAAAAAAAAAAAAAAAAA"

MESSAGES = (
    Template(
        "code", {"code": "482915", "minutes": 5, "purpose": "register"}, BOTH, harmless_twice=True, title=_("Code")
    ),
    Template(
        "temporary-password",
        {"password": "mufin-5-Tarok", "minutes": 15, "signin_url": _SIGNIN},
        title=_("Temporary password"),
    ),
    Template("confirm-email", {"name": "Анна Сергеевна", "url": _LINK}, title=_("Link that confirms the email")),
    Template("username", {"username": "melati47", "signin_url": _SIGNIN}, title=_("Username")),
    Template("username-issued", {"username": "melati47", "signin_url": _SIGNIN}, title=_("New username")),
    Template("password-changed", {}, BOTH, title=_("Password changed")),
    Template(
        "new-device",
        {"when": "2026-11-20T12:00:00+00:00", "client": "Firefox, Android"},
        BOTH,
        title=_("Sign-in on a new device"),
    ),
    Template("contact-changed", {}, BOTH, title=_("Contact changed")),
    Template("account-locked", {}, BOTH, title=_("Account locked")),
    Template("account-unlocked", {}, BOTH, title=_("Account unlocked")),
    Template("authenticator-linked", {}, BOTH, title=_("Authenticator app linked")),
    Template("authenticator-unlinked", {}, BOTH, title=_("Authenticator app removed")),
)
