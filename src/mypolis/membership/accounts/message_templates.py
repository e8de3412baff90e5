"""The messages that this room sends; their texts are in `templates/notices/`."""

from mypolis.foundation.notices.catalogue import BOTH, Template

_SIGNIN = "https://portal.example/rs/signin/"
_LINK = "https://portal.example/rs/i/3q2-7wAAAAAAAAAAAAAAAAAAAAA"

MESSAGES = (
    Template("code", {"code": "482915", "minutes": 5, "purpose": "register"}, BOTH, harmless_twice=True),
    Template("temporary-password", {"password": "mufin-5-Tarok", "minutes": 15, "signin_url": _SIGNIN}),
    Template("confirm-email", {"name": "Анна Сергеевна", "url": _LINK}),
    Template("username", {"username": "melati47", "signin_url": _SIGNIN}),
    Template("username-issued", {"username": "melati47", "signin_url": _SIGNIN}),
    Template("password-changed", {}, BOTH),
    Template("new-device", {"when": "2026-11-20T12:00:00+00:00", "client": "Firefox, Android"}, BOTH),
    Template("contact-changed", {}, BOTH),
    Template("authenticator-linked", {}, BOTH),
    Template("authenticator-unlinked", {}, BOTH),
)
