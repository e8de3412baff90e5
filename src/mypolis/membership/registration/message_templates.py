"""The messages that this room sends; their texts are in `templates/notices/`."""

from mypolis.foundation.notices.catalogue import Template

_SIGNIN = "https://portal.example/rs/signin/"

MESSAGES = (
    Template("account-created", {"given_name": "Mira", "signin_url": _SIGNIN}),
    Template("account-exists", {"signin_url": _SIGNIN, "recover_url": "https://portal.example/rs/recover/"}),
    Template("username-made", {"username": "melati47", "signin_url": _SIGNIN}),
)
