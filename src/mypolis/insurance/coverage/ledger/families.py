"""Which members share a family's limits."""

from collections.abc import Iterable

from mypolis.membership.people.models import Membership


def families_of(memberships: Iterable[Membership]) -> dict[int, frozenset[int]]:
    """For each given membership, the keys of its family's memberships, itself included; one query for all.

    `MembershipQuerySet.in_families_of` defines the family. The memberships' policies must be loaded.
    """
    rows = list(memberships)
    found: dict[tuple[int, str], set[int]] = {}
    others = Membership.objects.in_families_of(rows).values_list("pk", "policy_id", "employee_number")
    for key, policy, number in others:
        found.setdefault((policy, number), set()).add(key)
        if number:
            found.setdefault((policy, ""), set()).add(key)
    return {row.pk: frozenset({row.pk} | _family(row, found)) for row in rows}


def _family(row: Membership, found: dict[tuple[int, str], set[int]]) -> set[int]:
    if not row.family_number and not row.policy_is_a_family:
        return set()
    return found.get((row.policy_id, row.family_number), set())
