from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo
from typing import Literal, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from mypolis.foundation.lib.cells.placeholders import is_placeholder_number
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.encrypted import EncryptedTextField
from mypolis.foundation.markets import market
from mypolis.membership.people.match_keys import (
    LONGEST_BEGINNING,
    BeginningsIndex,
    HasBeginnings,
    LooseNumber,
    NameBeginnings,
    email_key,
    name_key,
    national_id_digest,
)

type CoverStatus = Literal["active", "future", "ended"]

GROUP = "group"
HOLDERS = frozenset({"employee", "policyholder"})
"""The relations that hold a policy, or one family's part of a group policy."""


class Employer(models.Model):
    """A company that insures its people; `key` is the insurer's own short name for it."""

    market = models.CharField(max_length=8)
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "key"], name="employer_key_once")]


class Policy(models.Model):
    """A contract of insurance. `start` and `end` are the first and last day covered; no `end` means open."""

    market = models.CharField(max_length=8)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, related_name="policies")
    type = models.CharField(max_length=24)
    number = models.CharField(max_length=64)
    number_key = models.CharField(max_length=64)
    start = models.DateField()
    end = models.DateField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "type", "number_key"], name="policy_number_once")]
        indexes = [models.Index(fields=["market", "number_key"], name="policy_by_number")]

    @property
    def is_collective(self) -> bool:
        """Whether the policy covers people who are not one family: a group policy, or any policy of an employer."""
        return self.type == GROUP or self.employer_id is not None


class PersonQuerySet(models.QuerySet["Person"]):
    """Queries for persons on file."""

    def with_national_id(self, number: str) -> Self:
        """Persons with this national id. Searches under every key of the ring, because a rotation may be running."""
        return self.filter(national_id_digest__in=keyring.current().digests(number, purpose="national_id"))

    def named(self, market_code: str, typed: str) -> Self:
        """Persons in a market whose names have all of these words, in any order and either script of the market.

        A word of three letters or more may be only the beginning of a name. A text without words matches nobody. One
        word that thousands match finds some of them.
        """
        words = name_key(market_code, typed).split()
        rows = self.filter(HasBeginnings(market_code, words)).alias(_words=Concat(Value(" "), "name_key"))
        for word in words:
            if len(word) > LONGEST_BEGINNING:
                rows = rows.filter(_words__contains=f" {word}")
        return rows

    def covered_on(self, day: date) -> Self:
        """Persons with a membership in force on a day."""
        return self.filter(pk__in=Membership.objects.in_force_on(day).values("person"))


class Person(models.Model):
    """A human being whom the insurer has on file in one market. Names are kept as given, compared by `name_key`."""

    market = models.CharField(max_length=8)
    surname = models.CharField(max_length=120, blank=True)
    given_name = models.CharField(max_length=120)
    patronymic = models.CharField(max_length=120, blank=True)
    name_key = models.CharField(max_length=400)
    birth_date = models.DateField()
    national_id = EncryptedTextField(null=True)
    national_id_digest = models.BinaryField(max_length=32, null=True)
    mobile = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    email_key = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=12, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["market", "national_id_digest"],
                condition=Q(national_id_digest__isnull=False),
                name="person_national_id_once",
            )
        ]
        indexes = [
            models.Index(fields=["market", "name_key", "birth_date"], name="person_by_name"),
            models.Index(fields=["market", "email_key"], condition=~Q(email_key=""), name="person_by_email"),
            models.Index(fields=["market", "mobile"], condition=~Q(mobile=""), name="person_by_mobile"),
            BeginningsIndex(NameBeginnings(), name="person_by_beginnings"),
        ]

    @property
    def full_name(self) -> str:
        """Surname, given name and patronymic, as far as they exist."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def display_name(self) -> str:
        """The full name, in the order that is usual in the market."""
        if market(self.market).name_script == "cyrillic-ru":
            return self.full_name
        return " ".join(part for part in (self.given_name, self.patronymic, self.surname) if part)

    @property
    def greeting_name(self) -> str:
        """How a message addresses the person: given name and, where there is one, patronymic."""
        return f"{self.given_name} {self.patronymic}".strip()

    def email_spelled(self, typed: str) -> str:
        """The address to use for a typed e-mail: the spelling on file when both are the same address."""
        return self.email if typed and email_key(typed) == self.email_key else typed

    def write_keys(self) -> None:
        """Recompute every look-up column from the values. Call it before every save, including bulk saves."""
        self.name_key = name_key(self.market, self.surname, self.given_name, self.patronymic)
        self.email_key = email_key(self.email)
        self.national_id_digest = national_id_digest(self.national_id)

    def is_covered_on(self, day: date) -> bool:
        """Whether any membership is in force on a day."""
        return self.memberships.in_force_on(day).exists()


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Queries for memberships."""

    def in_force_on(self, day: date) -> Self:
        """Memberships that cover a day, under policies that also cover it."""
        return self.filter(
            Q(end__isnull=True) | Q(end__gte=day),
            Q(policy__end__isnull=True) | Q(policy__end__gte=day),
            start__lte=day,
            policy__start__lte=day,
            policy__cancelled_at__isnull=True,
        )

    def not_ended_on(self, day: date) -> Self:
        """Memberships that cover this day or a later one."""
        return self.filter(
            Q(end__isnull=True) | Q(end__gte=day),
            Q(policy__end__isnull=True) | Q(policy__end__gte=day),
            policy__cancelled_at__isnull=True,
        )

    def covering_between(self, first: date, last: date, *, zone: tzinfo) -> Self:
        """Memberships that cover a day from `first` to `last`, also under policies cancelled since `first`.

        `zone` is the market's: there, the day of the cancellation can be another one than in UTC.
        """
        return self.filter(
            Q(end__isnull=True) | Q(end__gte=first),
            Q(policy__end__isnull=True) | Q(policy__end__gte=first),
            Q(policy__cancelled_at__isnull=True) | Q(policy__cancelled_at__gte=datetime.combine(first, time(), zone)),
            start__lte=last,
            policy__start__lte=last,
        )

    def in_families_of(self, memberships: Iterable["Membership"]) -> Self:
        """Memberships in the same families as these, usually including these themselves. Needs their policies loaded.

        On a collective policy, a family shares one employee number; a person without a number is alone. On any other
        policy, everybody on it is one family. A number shared by several holders makes no family, and neither does
        a policy with three or more holders (a couple may hold one together): access rights need a unique link.
        """
        shared: dict[int, set[str]] = defaultdict(set)
        policies = set[int]()
        for row in memberships:
            if row.family_number:
                shared[row.policy_id].add(row.employee_number)
            elif row.policy_is_a_family:
                policies.add(row.policy_id)
        families = Q()
        if shared:
            each = [Q(policy=policy, employee_number__in=its_own) for policy, its_own in shared.items()]
            numbers = Q(*each, _connector=Q.OR)
            families |= numbers & ~Q(_more_holders_than(1, same_number=True))
        if policies:
            families |= Q(policy__in=policies) & ~Q(_more_holders_than(2))
        return self.filter(families) if families else self.none()


def _more_holders_than(count: int, *, same_number: bool = False) -> Exists:
    """Whether the policy (or the number on it) has more than `count` holders. Holders whose cover ended also count."""
    holders = Membership.objects.filter(policy=OuterRef("policy"), relation__in=HOLDERS)
    if same_number:
        numbered = holders.exclude(employee_number="").annotate(loose_number=LooseNumber("employee_number"))
        holders = numbered.filter(loose_number=LooseNumber(OuterRef("employee_number")))
    return Exists(holders[count : count + 1])


class Membership(models.Model):
    """A person on a policy. `relation` is `employee`, `spouse`, `child`, `parent`, `policyholder` or `other`."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    participant_number = models.CharField(max_length=64, blank=True)
    participant_key = models.CharField(max_length=64, blank=True)
    employee_number = models.CharField(max_length=64, blank=True)
    plan = models.CharField(max_length=80, blank=True)
    relation = models.CharField(max_length=16, default="employee")
    start = models.DateField()
    end = models.DateField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "person"], name="membership_once"),
            models.UniqueConstraint(
                fields=["policy", "participant_key"],
                condition=~Q(participant_key=""),
                name="participant_number_once",
            ),
        ]
        indexes = [
            models.Index(
                F("policy"),
                LooseNumber("employee_number"),
                condition=~Q(employee_number=""),
                name="membership_by_number",
            ),
            models.Index(
                fields=["participant_key"], condition=~Q(participant_key=""), name="membership_by_participant"
            ),
        ]

    @property
    def family_number(self) -> str:
        """The employee number that a family shares; empty when it is missing or only a placeholder."""
        return "" if is_placeholder_number(self.employee_number) else self.employee_number

    @property
    def policy_is_a_family(self) -> bool:
        """Whether everybody on the policy may be one family; false when the policy number is only a placeholder."""
        return not self.policy.is_collective and not is_placeholder_number(self.policy.number)

    @property
    def first_day(self) -> date:
        """The first day covered by both the membership and its policy."""
        return max(self.start, self.policy.start)

    @property
    def last_day(self) -> date | None:
        """The last day covered; None when there is no end. A cancelled policy has ended, whatever its last day is."""
        return min((end for end in (self.end, self.policy.end) if end is not None), default=None)

    def ended_on(self, zone: tzinfo) -> date | None:
        """Like `last_day`, but for a cancelled policy no later than the day of the cancellation in this time zone."""
        cancelled = self.policy.cancelled_at
        days = (self.last_day, timezone.localtime(cancelled, zone).date() if cancelled else None)
        return min((day for day in days if day is not None), default=None)

    def status_on(self, day: date) -> CoverStatus:
        """`active`, `future` or `ended` on a day, by the periods of the membership and its policy."""
        if self.policy.cancelled_at is not None or (self.last_day is not None and self.last_day < day):
            return "ended"
        return "future" if self.first_day > day else "active"
