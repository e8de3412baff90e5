"""Why something about a payment run is refused."""

from typing import Literal

type RunRefusal = Literal[
    "no_bank",
    "not_a_person",
    "unknown",
    "withdrawn",
    "fetched",
    "answered",
    "is_maker",
    "signed_before",
    "signed_by_two",
    "concerned",
    "other_figures",
    "outdated",
    "not_signed",
    "fetched_before",
    "forgotten",
    "other_bytes",
    "not_a_signer",
]


class RunRefused(Exception):
    """Something about a payment run is refused; `code` says why. `claims` are the numbers of the claims it is about."""

    def __init__(self, code: RunRefusal, claims: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.claims = code, claims
