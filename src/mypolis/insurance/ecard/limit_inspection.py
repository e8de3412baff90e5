"""For `mypolis limits`: the counters of a membership's card and letters."""

from collections.abc import Iterator

from mypolis.insurance.ecard.limits import CARD_CHECKS, CARD_PAPERS, CARD_REISSUES, LETTERS, OTHER_CARD_CHECKS
from mypolis.membership.operators.limit_inspection import Counted
from mypolis.membership.people.models import Membership


def counted_for_membership(membership: Membership) -> Iterator[Counted]:
    """Each limit with its subject, exactly as `checking`, `flows`, `print_values` and `letters` count it."""
    key = str(membership.pk)
    for use in ("now", "offline", "print", "letter"):
        yield Counted(CARD_CHECKS, f"{key}:{use}", "checks of this person's card and letters")
    for kind in ("gone", "limited"):
        yield Counted(OTHER_CARD_CHECKS, f"{key}:{kind}", "further recorded checks")
    yield Counted(CARD_REISSUES, key, "replacements of this person's card")
    yield Counted(CARD_PAPERS, key, "this person's cards as a PDF")
    yield Counted(LETTERS, key, "this person's letters")
