"""Employee numbers that several employees have. They cannot connect a family, so every load reports them."""

from collections.abc import Iterable, Sequence
from itertools import batched

from django.db.models import Count

from mypolis.membership.people.match_keys import LooseNumber
from mypolis.membership.people.models import HOLDERS, Membership, Policy
from mypolis.membership.roster.check import RosterRow
from mypolis.membership.roster.problems import Problem

_CHUNK = 10_000


def shared_numbers(rows: Sequence[RosterRow], policies: dict[int, Policy]) -> list[Problem]:
    """Return a warning for each row whose number several holders on its policy have, in this list or an earlier one."""
    numbered = {policies[row.line].pk for row in rows if row.employee_number}
    shared = {number for chunk in batched(numbered, _CHUNK) for number in _shared_on(chunk)}
    return [
        Problem(row.line, "employee_number", "shared_number")
        for row in rows
        if shared and (policies[row.line].pk, row.employee_number) in shared
    ]


def _shared_on(policies: Iterable[int]) -> Iterable[tuple[int, str]]:
    """Return pairs of a policy and a number, as written, that several of its holders have."""
    everybody = Membership.objects.filter(policy__in=policies).exclude(employee_number="")
    numbers = everybody.annotate(loose_number=LooseNumber("employee_number"))
    holders = numbers.filter(relation__in=HOLDERS).values("policy", "loose_number").annotate(holders=Count("pk"))
    several = set(holders.filter(holders__gt=1).exclude(loose_number="").values_list("policy", "loose_number"))
    if not several:
        return
    spelled = numbers.filter(loose_number__in={number for _policy, number in several})
    for policy, loose, number in spelled.values_list("policy", "loose_number", "employee_number").iterator():
        if (policy, loose) in several:
            yield policy, number
