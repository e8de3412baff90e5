"""What a colleague can enter for a person: the person's covers and those of their children, with their benefits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mypolis.insurance.claims import access
from mypolis.insurance.claims.entering.choices import Choice
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.plan_books.plan_lookup import day_to_show, plans_on
from mypolis.membership.accounts.models import Account


@dataclass(frozen=True)
class Offered:
    """One cover and its benefits: the value of each in the form, and what it names."""

    label: str
    choices: Sequence[tuple[str, Choice]]

    @property
    def named(self) -> list[tuple[str, str]]:
        """Value and name of each benefit, for a list."""
        return [(value, say(choice.benefit.name)) for value, choice in self.choices]


def offers_for(account: Account) -> list[Offered]:
    """The covers for which a colleague can enter a claim of this member, with as many queries for many as for one.

    Claims under a mandate or a consent are left to the proxy: only they know whether they act for somebody.
    """
    rows = [row for one in access.for_whom(account) if not one.bases for row in one.memberships]
    today = account.profile.today()
    plans = plans_on([(row, day_to_show(row, today)) for row in rows])
    found = []
    for row in rows:
        plan = plans.get((row.pk, day_to_show(row, today)))
        if plan is not None and plan.benefits:
            choices = [(f"{row.pk}:{one.key}", Choice(membership=row, plan=plan, benefit=one)) for one in plan.benefits]
            found.append(Offered(f"{row.person.display_name} · {row.policy.number}", choices))
    return found


def all_choices(offered: Sequence[Offered]) -> Iterator[tuple[str, Choice]]:
    """Every choice with its value in the form."""
    for one in offered:
        yield from one.choices
