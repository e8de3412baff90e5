"""Access never depends on a number that is not unique: employees who share one are not a family."""

from collections.abc import Iterable

import pytest

from mypolis.insurance.coverage.ledger.families import families_of
from mypolis.membership.family.access import parents_of
from mypolis.membership.people.models import Membership, Person, Policy
from tests.family.home import Asker, account, aged, insure, person, policy

pytestmark = pytest.mark.django_db

# Numbers loaded unchecked: each belongs to two employees and to a child of the second.
PLACEHOLDERS = ("0", "000", "-", "n/a", "N/A", "tidak ada", "нет", "nema", "xxx", "#", "б/н", "NULL")
SHARED = (
    *("K-1", "12"),
    # the child's number, and another spelling of it for the other employee
    *(("K-1", "k-1"), ("K-1", "К-1"), ("K 1", "K-1"), ("00123", "123"), ("K/1", "K.1")),
)


def two_employees(first: str, second: str, on: Policy) -> tuple[Person, Person, Person]:
    """Two colleagues and a child of the second."""
    raka, tari, nino = person("Raka", aged(40)), person("Tari", aged(40)), person("Nino", aged(9))
    insure(raka, on, "employee", employee=first)
    insure(tari, on, "employee", employee=second)
    insure(nino, on, "child", employee=second)
    return raka, tari, nino


def assert_strangers(people: Iterable[Person], child: Person) -> None:
    """Assert that nobody sees the child, through any door, and nobody shares limits."""
    for asker in (Asker(account(who)) for who in people):
        assert asker.seen() == {}
        row = child.memberships.get().pk
        assert asker.get(f"cards/{row}?whose={child.pk}").status_code == 404
        assert asker.post(f"cards/{row}/activate?whose={child.pk}", {"accept_card": True}).status_code == 404
        assert asker.page(f"cover/{row}/").status_code == 404
    rows = list(Membership.objects.select_related("policy"))
    assert families_of(rows) == {row.pk: {row.pk} for row in rows}
    assert parents_of(account(child)) == []


@pytest.mark.parametrize("number", PLACEHOLDERS)
def test_what_stands_in_place_of_a_number_makes_no_family(number: str) -> None:
    mother, child = person("Tari", aged(40)), person("Nino", aged(9))
    insure(mother, policy("G-1", kind="group"), "employee", employee=number)
    insure(child, policy("G-1", kind="group"), "child", employee=number)
    assert_strangers([mother], child)


@pytest.mark.parametrize("number", SHARED)
def test_a_number_of_several_employees_makes_no_family(number: str | tuple[str, str]) -> None:
    first, second = (number, number) if isinstance(number, str) else number
    raka, tari, nino = two_employees(first, second, policy("G-1", kind="group"))
    assert_strangers([raka, tari], nino)


def test_an_employee_who_left_still_counts_for_the_number_was_given_out_twice() -> None:
    raka, tari, nino = two_employees("12", "12", policy("G-1", kind="group"))
    raka.memberships.update(end=aged(1))
    assert_strangers([tari], nino)


def test_the_same_number_on_another_policy_is_another_number() -> None:
    two_employees("12", "13", policy("G-1", kind="group"))
    olga, iva = person("Olga", aged(40)), person("Iva", aged(7))
    insure(olga, policy("G-2", kind="group"), "employee", employee="13")
    insure(iva, policy("G-2", kind="group"), "child", employee="13")
    assert Asker(account(Person.objects.get(given_name="Tari"))).seen() == {"Nino": ("parent", "all")}
    assert Asker(account(olga)).seen() == {"Iva": ("parent", "all")}


@pytest.mark.parametrize("number", ["0", "n/a", "nema", "-"])
def test_a_policy_whose_number_is_none_makes_no_family(number: str) -> None:
    mother, child = person("Mira", aged(40)), person("Luka", aged(9))
    insure(mother, policy(number), "policyholder")
    insure(child, policy(number), "child")
    assert_strangers([mother], child)


def test_a_policy_that_many_hold_is_no_familys() -> None:
    """A group's list loaded with everybody as policyholder. Two people may hold a policy together, but not three."""
    holders = [person(name, aged(40)) for name in ("Mira", "Goran", "Vesna")]
    for who in holders:
        insure(who, policy(), "policyholder")
    child = person("Luka", aged(9))
    insure(child, policy(), "child")
    assert_strangers(holders, child)
