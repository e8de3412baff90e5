"""Finds the member of a feed row: by the policy number and, if several people share the policy, a personal number."""

from collections.abc import Callable, Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets import Profile
from mypolis.insurance.coverage.feeds.feed_rows import FeedRow
from mypolis.insurance.coverage.problems import Problem
from mypolis.membership.people.models import Membership, Policy

_MOST_LOADED = 2  # if no member is named, more members than this need not be loaded


def _named(row: FeedRow) -> tuple[tuple[str, str], ...]:
    """The identifying columns with the row's values; the first that is not empty is used."""
    return (
        ("participant_number", fold_reference(row.participant_number)),
        ("employee_number", row.employee_number),
        ("national_id", row.national_id),
    )


class MemberFinder:
    """Finds the memberships of any number of rows with at most six queries: one for the policies, one for each way to
    identify a member, and two for rows that identify nobody.
    """

    def __init__(self, rows: Iterable[FeedRow], profile: Profile) -> None:
        self._rows, self._market = list(rows), profile.code
        numbers = {fold_reference(row.policy_number) for row in self._rows}
        self._policies: dict[str, list[Policy]] = {}
        for policy in Policy.objects.filter(market=profile.code, number_key__in=numbers):
            self._policies.setdefault(policy.number_key, []).append(policy)
        self._by = {
            "participant_number": self._index("participant_key", lambda row: fold_reference(row.participant_number)),
            "employee_number": self._index(
                "employee_number",
                lambda row: row.employee_number,
                relation="employee",  # relatives are listed under the employee's number
            ),
            "national_id": self._by_national_id(),
        }
        self._on_policy = self._first_members()

    def find(self, row: FeedRow) -> Membership | Problem:
        """The row's membership, with its policy."""
        policies = self._policies_of(row)
        if len(policies) != 1:
            return Problem(row.line, "policy_number", "unknown_policy" if not policies else "ambiguous_member")
        policy = policies[0]
        for column, key in _named(row):
            if key:
                return self._only(self._by[column].get((policy.pk, key), []), row, column)
        return self._only(self._on_policy.get(policy.pk, []), row, "policy_number")

    def _policies_of(self, row: FeedRow) -> list[Policy]:
        found = self._policies.get(fold_reference(row.policy_number), [])
        return [policy for policy in found if row.policy_type in ("", policy.type)]

    @staticmethod
    def _only(found: list[Membership], row: FeedRow, column: str) -> Membership | Problem:
        if len(found) == 1:
            return found[0]
        return Problem(row.line, column, "ambiguous_member" if found else "unknown_member")

    def _index(
        self, field: str, key_of: Callable[[FeedRow], str], **where: str
    ) -> dict[tuple[int, str], list[Membership]]:
        keys = {key for row in self._rows if (key := key_of(row))}
        found: dict[tuple[int, str], list[Membership]] = {}
        for row in self._memberships(**{f"{field}__in": keys}, **where) if keys else ():
            found.setdefault((row.policy_id, getattr(row, field)), []).append(row)
        return found

    def _first_members(self) -> dict[int, list[Membership]]:
        """The first members of each policy for which some row identifies nobody."""
        unnamed = [row for row in self._rows if not any(key for _column, key in _named(row))]
        wanted = {policy.pk for row in unnamed for policy in self._policies_of(row)}
        first = Membership.objects.filter(policy=OuterRef("pk")).order_by("pk").values("pk")[:_MOST_LOADED]
        policies = Policy.objects.filter(pk__in=wanted).annotate(first=ArraySubquery(first)) if wanted else ()
        keys = [key for policy in policies for key in policy.first]
        found: dict[int, list[Membership]] = {}
        for row in Membership.objects.filter(pk__in=keys).select_related("policy", "person") if keys else ():
            found.setdefault(row.policy_id, []).append(row)
        return found

    def _by_national_id(self) -> dict[tuple[int, str], list[Membership]]:
        digests = {
            digest: row.national_id
            for row in self._rows
            if row.national_id
            for digest in keyring.current().digests(row.national_id, purpose="national_id")
        }
        found: dict[tuple[int, str], list[Membership]] = {}
        rows = self._memberships(person__market=self._market, person__national_id_digest__in=digests) if digests else ()
        for row in rows:
            number = digests[bytes(row.person.national_id_digest or b"")]
            found.setdefault((row.policy_id, number), []).append(row)
        return found

    def _memberships(self, **where: object) -> Iterable[Membership]:
        policies = {policy.pk for found in self._policies.values() for policy in found}
        return Membership.objects.filter(policy__in=policies, **where).select_related("policy", "person")
