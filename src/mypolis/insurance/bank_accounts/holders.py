"""Compares the name of an account's holder with a person's name on file."""

from mypolis.foundation.lib.text.folding import Script, fold_name
from mypolis.foundation.lib.text.transliteration import to_latin
from mypolis.foundation.markets import market
from mypolis.membership.people.models import Person


def is_another_name(holder: str, person: Person) -> bool:
    """Whether the holder may be somebody else. A reason to ask, never to refuse: banks write names in their own way.

    Order, alphabet, letter case and missing parts do not matter, and an initial stands for a name. So a single name is
    enough if it is a part of the name on file.
    """
    script = market(person.market).name_script
    typed, known = _words(holder, script), _words(person.full_name, script)
    shorter, longer = sorted((typed, known), key=len)
    return not shorter or not all(any(_is_same(one, other) for other in longer) for one in shorter)


def _words(name: str, script: Script) -> set[str]:
    latin = to_latin(name, script=script)
    folded = fold_name(latin.replace(".", " "), script="serbian" if script == "serbian" else "latin")
    return set(folded.replace("-", " ").split())


def _is_same(one: str, other: str) -> bool:
    initial = min(len(one), len(other)) == 1
    return one[0] == other[0] if initial else one == other
