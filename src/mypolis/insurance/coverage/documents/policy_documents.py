"""The documents of a policy: how the insurer's documents are added, and who may read which.

A document of a policy is for everybody on it; a document of one member is for that member only.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import Actor
from mypolis.foundation.files.flows import find, remove, store
from mypolis.foundation.files.models import StoredFile
from mypolis.foundation.files.serving import PDF
from mypolis.foundation.lib.cells.cell import CellError
from mypolis.foundation.lib.cells.numbers import id_in
from mypolis.foundation.lib.cells.placeholders import is_placeholder_number
from mypolis.foundation.lib.text.clean_text import UnsafeText, clean_line
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.coverage.feeds.feed_rows import FeedRow
from mypolis.insurance.coverage.feeds.member_lookup import MemberFinder
from mypolis.insurance.coverage.problems import Problem
from mypolis.membership.people.models import Membership, Policy

type DocumentKind = Literal["contract", "rules", "programme", "receipt", "other"]

KINDS: Final[dict[str, Promise]] = {
    "contract": _("Contract"),
    "rules": _("Rules of insurance"),
    "programme": _("Programme of cover"),
    "receipt": _("Receipt"),
    "other": _("Document"),
}
MAX_BYTES = 20 * 1024 * 1024
_PERSONAL = frozenset({"receipt"})
_BEGINNINGS = {b"%PDF-": PDF, b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_PIECE = 64 * 1024
_LONGEST_NAME = 120
_LONGEST_NUMBER = 64

REFUSALS: Final[dict[str, Promise]] = {
    "unreadable": _("The file cannot be read."),
    "too_large": _("The file is larger than 20 MB."),
    "not_a_document": _("Only files with PDF, JPEG or PNG contents are accepted."),
    "bad_name": _("The name is empty, too long, or has characters that cannot be shown."),
    "personal": _("A receipt belongs to one person: say whose it is."),
    "unknown_policy": _("There is no such policy on file."),
    "unknown_member": _("Nobody on this policy has this number."),
    "bad_number": _("A spreadsheet has changed this number. Give it as it is on file."),
    "ambiguous_member": _("Several people or policies have this number: give more details."),
}


class DocumentRefused(Exception):
    """The document cannot be accepted; `code` is one of `REFUSALS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class PolicyDocument:
    """A document in a list."""

    file: StoredFile

    @property
    def label(self) -> Promise:
        """The kind of document, in words."""
        return KINDS[self.file.kind]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a document belongs: a policy (by number, and by type if several have the number), or one member of it."""

    policy_number: str
    policy_type: str = ""
    participant_number: str = ""
    employee_number: str = ""
    alone: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether the document is for one member."""
        return bool(self.participant_number or self.employee_number or self.alone)


@transaction.atomic
def add_document(*, market: str, place: Place, kind: DocumentKind, path: Path, name: str, by: Actor) -> StoredFile:
    """Store a file, encrypted, as a document of a policy. Raises DocumentRefused."""
    if kind in _PERSONAL and not place.is_personal:
        raise DocumentRefused("personal")
    owner, media_type = _owner(market, place), _media_type(path)
    try:
        shown = clean_line(name or path.name, max_length=_LONGEST_NAME)
    except UnsafeText:
        raise DocumentRefused("bad_name") from None
    if not shown:
        raise DocumentRefused("bad_name")
    return store(market=market, owner=owner, kind=kind, name=shown, media_type=media_type, content=_pieces(path), by=by)


@transaction.atomic
def remove_document(*, market: str, document: str, by: Actor) -> bool:
    """Delete a document; False if there is none with this id."""
    owners = (f"{Policy._meta.label_lower}:", f"{Membership._meta.label_lower}:")
    try:
        file = StoredFile.objects.filter(pk=uuid.UUID(document), market=market, kind__in=KINDS).first()
    except ValueError:
        return False
    if file is None or not file.owner.startswith(owners):
        return False
    remove(file=file, by=by)
    return True


def documents_of(membership: Membership) -> list[PolicyDocument]:
    """The documents that a member of a policy may read, newest first. The caller has checked access."""
    files = StoredFile.objects.of_any(_owners(membership)).filter(kind__in=KINDS).order_by("-stored_at", "pk")
    return [PolicyDocument(file) for file in files]


def document_of(membership: Membership, document: str) -> tuple[models.Model, StoredFile] | None:
    """One document with the row that owns it; None if it is not among the member's."""
    try:
        file_id = uuid.UUID(document)
    except ValueError:
        return None
    for owner in _owners(membership):
        file = find(file_id, owner=owner)
        if file is not None and file.kind in KINDS:
            return owner, file
    return None


def _owners(membership: Membership) -> Sequence[models.Model]:
    return membership, membership.policy


def _owner(market: str, place: Place) -> models.Model:
    policies = Policy.objects.filter(market=market, number_key=fold_reference(place.policy_number))
    found = list(policies.filter(type=place.policy_type) if place.policy_type else policies)
    if len(found) != 1:
        raise DocumentRefused("ambiguous_member" if found else "unknown_policy")
    return _member(market, place) if place.is_personal else found[0]


def _member(market: str, place: Place) -> Membership:
    for number in filter(None, (place.participant_number, place.employee_number)):
        try:
            if is_placeholder_number(id_in(number, max_length=_LONGEST_NUMBER, may_be_day=True)):
                raise DocumentRefused("unknown_member")
        except CellError:
            raise DocumentRefused("bad_number") from None
    row = FeedRow.naming(
        policy_type=place.policy_type,
        policy_number=place.policy_number,
        participant_number=place.participant_number,
        employee_number=place.employee_number,
    )
    member = MemberFinder([row], profile_of(market)).find(row)
    if isinstance(member, Problem):
        raise DocumentRefused(member.code)
    return member


def _media_type(path: Path) -> str:
    """The file's media type, from its first bytes and not from its name."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DocumentRefused("too_large")
        with path.open("rb") as file:
            beginning = file.read(16)
    except OSError:
        raise DocumentRefused("unreadable") from None
    for signature, media_type in _BEGINNINGS.items():
        if beginning.startswith(signature):
            return media_type
    raise DocumentRefused("not_a_document")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
