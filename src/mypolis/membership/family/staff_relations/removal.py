"""Removing a relation that was entered by mistake needs two people: it opens claims to whoever it was about."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Text
from mypolis.foundation.staff.approvals.kinds import ApprovalKind, Stale
from mypolis.foundation.staff.models import StaffAccount
from mypolis.membership.family.models import StaffRelation
from mypolis.membership.family.rights import STAFF_RELATIONS
from mypolis.membership.family.staff_relations.colleagues import remove_relation


def _relation(market: str, payload: Mapping[str, Any]) -> StaffRelation | None:
    return StaffRelation.objects.filter(market=market, pk=payload["relation"]).select_related("person").first()


def _facts(market: str, payload: Mapping[str, Any]) -> Sequence[tuple[Text, Text]]:
    found = _relation(market, payload)
    if found is None:
        return []
    name = StaffAccount.objects.filter(pk=found.staff).values_list("name", flat=True).first() or ""
    return [(_("Colleague"), name), (_("Insured person"), found.person.display_name)]


def _apply(market: str, payload: Mapping[str, Any], by: Actor) -> None:
    found = _relation(market, payload)
    if found is None:
        raise Stale
    remove_relation(staff=found.staff, person=found.person, by=by)


def _is_about(market: str, payload: Mapping[str, Any], staff: StaffAccount) -> bool:
    found = _relation(market, payload)
    return found is not None and found.staff == staff.pk


REMOVAL = ApprovalKind(
    name="staff-relation-removal",
    title=gettext_lazy("Remove a colleague’s relation"),
    right=STAFF_RELATIONS,
    facts=_facts,
    apply=_apply,
    concerns=_is_about,
    same=("relation",),
)
