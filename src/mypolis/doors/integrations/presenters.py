"""What people read about partners' tokens."""

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as translated

from mypolis.doors.integrations.rights import partner_rights


def words_of(rights: Iterable[str]) -> list[str]:
    """Return what each right allows, in the reader's language; the name alone of a right that no room declares now."""
    known = partner_rights()
    return [translated(known[name]) if name in known else name for name in rights]


def sentence_of(rights: Iterable[str]) -> str:
    """Return what these rights allow, as one sentence without a full stop; a bare name stays as it is."""
    names = list(rights)
    words = "; ".join(words_of(names))
    return str(capfirst(words)) if names and names[0] in partner_rights() else words
