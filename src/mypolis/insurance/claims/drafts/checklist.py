"""The papers of a claim on its page of documents: what is wanted, what is there, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims.presenters import ShownClaim

OTHER = "other"
"""The kind of papers that the benefit does not ask for."""


@dataclass(frozen=True)
class Wanted:
    """A paper with its files. `required`: the claim cannot be sent without it."""

    kind: str
    name: str
    required: bool
    files: Sequence[ReceivedFile]


def checklist(one: ShownClaim) -> list[Wanted]:
    """The benefit's papers in the order of the plan, then a place for everything else."""
    found = [Wanted(each.kind, each.name, True, each.files) for each in one.documents if each.required]
    others = [file for each in one.documents if not each.required for file in each.files]
    return [*found, Wanted(OTHER, _("Other papers"), False, others)]
