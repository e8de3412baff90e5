"""The papers of a claim on its page of documents: what is wanted, what is there, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _

from mypolis.foundation.files.cleaning.reasons import Reason
from mypolis.foundation.files.cleaning.refusals import refusal_text
from mypolis.foundation.files.models import ReceivedFile, ReceivedState, owner_key
from mypolis.insurance.claims.models import Claim, ClaimQuerySet
from mypolis.insurance.claims.presenters import ShownClaim

OTHER = "other"
"""The kind of papers that the benefit does not ask for."""


@dataclass(frozen=True)
class ShownFile:
    """A file: why it was refused, and another claim of this member that has the same file."""

    file: ReceivedFile
    refusal: str
    also_in: Claim | None


@dataclass(frozen=True)
class Wanted:
    """A paper with its files. `required`: the claim cannot be sent without it. `problem`: what could not be added."""

    kind: str
    name: str
    required: bool
    files: Sequence[ShownFile]
    problem: str


def checklist(one: ShownClaim, visible: ClaimQuerySet, problems: Mapping[str, str]) -> list[Wanted]:
    """The benefit's papers in the order of the plan, then a place for everything else.

    `visible` are the claims that the member may see; `problems` are by the kind of paper.
    """
    found = [
        Wanted(each.kind, each.name, True, _shown(each.files, one.claim, visible), problems.get(each.kind, ""))
        for each in one.documents
        if each.required
    ]
    others = [file for each in one.documents if not each.required for file in each.files]
    known = {each.kind for each in found}
    rest = next((text for kind, text in problems.items() if kind not in known), "")
    return [*found, Wanted(OTHER, _("Other papers"), False, _shown(others, one.claim, visible), rest)]


def _shown(files: Sequence[ReceivedFile], claim: Claim, visible: ClaimQuerySet) -> list[ShownFile]:
    return [
        ShownFile(
            file,
            refusal_text(cast("Reason", file.reason)) if file.state == ReceivedState.REFUSED else "",
            _also_in(file, claim, visible),
        )
        for file in files
    ]


def _also_in(file: ReceivedFile, claim: Claim, visible: ClaimQuerySet) -> Claim | None:
    owners = ReceivedFile.objects.with_contents(file.sha256).exclude(owner=owner_key(claim))
    label = f"{Claim._meta.label_lower}:"
    keys = [UUID(owner.removeprefix(label)) for owner in owners.values_list("owner", flat=True) if label in owner]
    return visible.filter(pk__in=keys).first() if keys else None
