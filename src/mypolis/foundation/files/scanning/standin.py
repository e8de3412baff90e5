"""A stand-in for the demo and for tests. It knows one signature: the EICAR test file, anywhere in the contents."""

from collections.abc import Iterable
from typing import Final

from mypolis.foundation.files.scanning.scanner import Verdict

# In two parts, so that a scanner on a developer's machine does not take this module for the test file.
EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class StandIn:
    """Finds EICAR and nothing else. `mypolis check` refuses it in production."""

    def scan(self, content: Iterable[bytes]) -> Verdict:
        """Scan contents that come in pieces of any size."""
        end = b""
        for piece in content:
            if EICAR in end + piece:
                return Verdict("infected", "EICAR")
            end = (end + piece)[-len(EICAR) :]
        return Verdict("clean")
