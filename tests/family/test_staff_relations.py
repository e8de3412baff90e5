"""Administrators enter which insured person a colleague is; removing that needs two of them."""

import pytest
from django.test import Client

from mypolis.foundation.staff.approvals.flows import approve
from mypolis.foundation.staff.models import Approval
from mypolis.membership.family.models import StaffRelation
from mypolis.membership.people.models import Person
from tests.cast import JELENA, on_file
from tests.staff.world import Colleague, at_desk, colleague

pytestmark = pytest.mark.django_db
PAGE = "/desk/rs/relations/"


@pytest.fixture
def olga() -> Colleague:
    return colleague("Olga", "administrator")


@pytest.fixture
def vesna() -> Colleague:
    return colleague("Vesna", "assessor")


def fields(one: Colleague, **changes: str) -> dict[str, str]:
    """The form about somebody who is Jelena."""
    year, month, day = str(JELENA.birth_date).split("-")
    typed = {"birth_date_year": year, "birth_date_month": month, "birth_date_day": day}
    return {"colleague": str(one.account.pk), "policy": JELENA.policy_number, **typed, **changes}


def entered(browser: Client, one: Colleague) -> StaffRelation:
    """The relation that an administrator enters."""
    assert browser.post(PAGE, fields(one)).status_code == 302
    return StaffRelation.objects.get(staff=one.account.pk)


def test_nobody_who_fits_and_somebody_of_another_market_are_refused(olga: Colleague, vesna: Colleague) -> None:
    on_file(JELENA)
    stranger = colleague("Budi", "assessor", market="id")
    browser = at_desk(olga)
    for wrong in (
        fields(vesna, policy="X-1"),
        fields(vesna, birth_date_year="1950"),
        fields(stranger),
        fields(vesna, colleague="x"),
        {},
    ):
        assert browser.post(PAGE, wrong).status_code == 422
    assert not StaffRelation.objects.exists()


def test_a_form_begins_with_no_colleague_chosen(olga: Colleague, vesna: Colleague) -> None:
    on_file(JELENA)
    browser = at_desk(olga)
    assert '<option value="" selected>' in browser.get(PAGE).content.decode()
    assert browser.post(PAGE, fields(vesna, colleague="")).status_code == 422
    assert not StaffRelation.objects.exists()


def test_two_people_who_fit_are_refused(olga: Colleague, vesna: Colleague) -> None:
    person = on_file(JELENA)
    membership = person.memberships.get()
    membership.pk, membership.person = None, _twin(person)
    membership.participant_number = membership.participant_key = ""
    membership.save()
    answer = at_desk(olga).post(PAGE, fields(vesna))
    assert answer.status_code == 422
    assert "or several have" in answer.content.decode()


def _twin(person: Person) -> Person:
    person.pk, person.given_name, person.national_id, person.national_id_digest = None, "Twin", None, None
    person.save()
    return person


def test_a_colleague_is_entered_once(olga: Colleague, vesna: Colleague) -> None:
    person, browser = on_file(JELENA), at_desk(olga)
    assert entered(browser, vesna).person == person
    entered(browser, vesna)
    page = browser.get(PAGE).content.decode()
    assert "Vesna" in page
    assert person.display_name in page


def test_a_page_left_open_asks_for_a_factor_again(olga: Colleague) -> None:
    assert "/desk/rs/relations/" not in at_desk(olga, minutes_ago=6).get(PAGE).headers.get("Location", "")
    assert "Insured colleagues</h1>" not in at_desk(olga, minutes_ago=6).get(PAGE).content.decode()


def test_nobody_removes_their_own_relation_and_two_remove_another(olga: Colleague, vesna: Colleague) -> None:
    on_file(JELENA)
    browser = at_desk(olga)
    own = entered(browser, olga)
    refused = browser.post(f"{PAGE}{own.pk}/remove/")
    assert refused.status_code == 422
    own.delete()
    relation = entered(browser, vesna)
    assert browser.post(f"{PAGE}{relation.pk}/remove/").status_code == 302
    assert StaffRelation.objects.exists(), "a second person decides"
    approval, ivo = Approval.objects.get(), colleague("Ivo", "administrator")
    assert "Vesna" in at_desk(ivo).get(f"/desk/rs/approvals/{approval.pk}/").content.decode()
    approve(approval=approval, approver=ivo.account, by=ivo.actor)
    assert not StaffRelation.objects.exists()
    assert browser.post(f"{PAGE}{relation.pk}/remove/").status_code == 404
