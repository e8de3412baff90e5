"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class SigninEvent(Kind):
    """What happens at sign-in beside the journey itself."""

    SIGNIN_REFUSED = kind("signin.refused", by="stranger", about="accounts.account", or_nothing=True)
