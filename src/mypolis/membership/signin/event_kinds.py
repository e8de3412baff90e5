"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class SigninEvent(Kind):
    """Sign-in events that the journey engine does not record itself."""

    SIGNIN_REFUSED = kind("signin.refused", by="stranger", about="accounts.account", or_nothing=True)
