"""Who may see payments, documents and checks of a card, and which viewings are recorded."""

from datetime import date
from typing import Any

import pytest

from mypolis.foundation.markets import market
from mypolis.insurance.coverage.models import Instalment
from mypolis.membership.family.models import Viewing
from mypolis.membership.people.models import Employer
from tests.family.giving import give_mandate
from tests.family.home import Asker, account, aged, insure, person, policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera() -> Asker:
    """A policyholder who pays the premium."""
    who = person("Vera", aged(70))
    on = policy("V-1")
    insure(who, on, "policyholder")
    today = market("rs").today()
    Instalment.objects.create(
        market="rs", policy=on, external_id="p1", due=date(today.year, 1, 15), amount=3450, currency="RSD"
    )
    return Asker(account(who))


@pytest.fixture
def goran() -> Asker:
    """An adult who is not a relative."""
    who = person("Goran", aged(40))
    insure(who, policy("G-1"), "policyholder")
    return Asker(account(who))


def row_of(asker: Asker) -> int:
    """The key of the asker's membership."""
    return asker.account.person.memberships.get().pk


def payments(asker: Asker, row: int) -> Any:
    return asker.get(f"policies/{row}/payments").json()["payments"]


def test_a_proxy_gets_no_payments_no_papers_and_no_looks(vera: Asker, goran: Asker) -> None:
    give_mandate(vera, goran)
    row = row_of(vera)
    assert vera.post(f"cards/{row}/activate", {"accept_card": True}).status_code == 200
    assert len(payments(vera, row)) == 1
    assert payments(goran, row) == []
    assert b"3.450" in vera.page(f"cover/{row}/").content
    assert b"3.450" not in goran.page(f"cover/{row}/").content
    for path in (f"policies/{row}/documents", f"cards/{row}/looks"):
        assert (vera.get(path).status_code, goran.get(path).status_code) == (200, 404)
    assert (vera.page(f"card/{row}/looks/").status_code, goran.page(f"card/{row}/looks/").status_code) == (200, 404)
    shown = goran.page(f"card/{row}/")
    assert shown.status_code == 200
    assert f"/rs/card/{row}/looks/" not in shown.content.decode()


def test_a_parent_reads_a_childs_papers_and_is_not_told_of_payments_there(vera: Asker) -> None:
    child = person("Luka", aged(9))
    row = insure(child, policy("V-1"), "child").pk
    assert vera.get(f"policies/{row}/documents").status_code == 200
    assert payments(vera, row) == []


def test_a_cover_of_a_child_through_somebody_else_is_not_found_and_not_noted(vera: Asker) -> None:
    child = person("Luka", aged(9))
    insure(child, policy("V-1"), "child")
    other = insure(child, policy("X-9"), "child").pk
    for answer in (vera.get(f"policies/{other}"), vera.page(f"cover/{other}/"), vera.page(f"card/{other}/")):
        assert answer.status_code == 404
    assert not Viewing.objects.exists()


def test_a_request_for_heads_alone_notes_nothing(vera: Asker) -> None:
    child = person("Luka", aged(9))
    row = insure(child, policy("V-1"), "child").pk
    for path in (f"cover/{row}/", f"card/{row}/"):
        assert vera.page_client.head(f"/rs/{path}").status_code == 200
    assert not Viewing.objects.exists()
    assert vera.page(f"cover/{row}/").status_code == 200
    assert Viewing.objects.count() == 1


def test_colleagues_on_a_policy_of_another_type_that_an_employer_took_out_are_no_family() -> None:
    employer = Employer.objects.create(market="id", key="bank", name="Bank")
    on = policy("S-1", code="id", kind="sharia")
    on.employer = employer
    on.save()
    budi, siti = (person(name, aged(40), code="id", surname="") for name in ("Budi", "Siti"))
    for who in (budi, siti):
        insure(who, on, "employee")
    insure(person("Putri", aged(6), code="id", surname=""), on, "child")
    assert Asker(account(budi)).seen() == {}
