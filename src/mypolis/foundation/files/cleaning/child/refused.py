"""Why a file is refused."""

from mypolis.foundation.files.cleaning.reasons import Reason


class RefusedError(Exception):
    """The file is refused for a reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
