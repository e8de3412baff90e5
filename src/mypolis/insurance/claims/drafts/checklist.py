"""The papers of a claim on its page of documents: what is wanted, what is there, and what is wrong with it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from mypolis.foundation.files.models import ReceivedFile, owner_key
from mypolis.insurance.claims.models import Claim, ClaimQuerySet
from mypolis.insurance.claims.presenters import ShownClaim

OTHER = "other"
"""The kind of papers that the benefit does not ask for."""


@dataclass(frozen=True)
class ShownFile:
    """A file, and another claim of this member that has the same file."""

    file: ReceivedFile
    also_in: Claim | None


@dataclass(frozen=True)
class Wanted:
    """A paper with its files. `required`: the claim cannot be sent without it. `problem`: why a file was not added."""

    kind: str
    name: str
    required: bool
    files: Sequence[ShownFile]
    problem: str


def checklist(one: ShownClaim, visible: ClaimQuerySet, problems: Mapping[str, str]) -> list[Wanted]:
    """The benefit's papers in the order of the plan, then a place for everything else.

    `visible` are the claims that the member may see; `problems` are by the kind of paper.
    """
    also_in = _also_in(one, visible)
    found = [
        Wanted(each.kind, each.name, True, _shown(each.files, also_in), problems.get(each.kind, ""))
        for each in one.documents
        if each.required
    ]
    others = [file for each in one.documents if not each.required for file in each.files]
    known = {each.kind for each in found}
    rest = next((text for kind, text in problems.items() if kind not in known), "")
    name = _("Other papers") if found else _("Receipts and other papers")
    return [*found, Wanted(OTHER, name, False, _shown(others, also_in), rest)]


def _shown(files: Sequence[ReceivedFile], also_in: Mapping[str, Claim]) -> list[ShownFile]:
    return [ShownFile(file, also_in.get(file.sha256)) for file in files]


def _also_in(one: ShownClaim, visible: ClaimQuerySet) -> dict[str, Claim]:
    """The newest other claim that has the same file, by the file's SHA-256."""
    same = ReceivedFile.objects.with_contents(*(file.sha256 for file in one.files)).exclude(owner=owner_key(one.claim))
    label, digests = f"{Claim._meta.label_lower}:", defaultdict(list)
    for file in same:
        if file.owner.startswith(label):
            digests[UUID(file.owner.removeprefix(label))].append(file.sha256)
    newest_first = list(visible.filter(pk__in=digests))
    return {sha256: claim for claim in reversed(newest_first) for sha256 in digests[claim.pk]}
