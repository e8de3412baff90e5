"""What staff do for a member: by whom, with which message, and never for their own family."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.guards.flows import spend, used
from mypolis.foundation.staff.approvals.flows import propose
from mypolis.foundation.staff.models import Approval, StaffSession
from mypolis.membership.accounts.contact_points.flows import NewContact
from mypolis.membership.accounts.limits import PASSWORD_TRIES
from mypolis.membership.accounts.models import ContactPoint, Username
from mypolis.membership.accounts.sessions.devices import sign_in
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from mypolis.membership.family.staff_relations.staff_viewings import staff_viewings_of
from mypolis.membership.people.models import Person
from mypolis.membership.roster.models import Invitation
from mypolis.offices.desk.helping.contact_approval import CONTACT_CORRECTION, payload_of
from mypolis.offices.desk.limits import LETTERS
from tests.cast import ANNA, BUDI, JELENA, MARKO, on_file
from tests.offices.test_search import account
from tests.offices.threads import second_waits
from tests.post import Post
from tests.staff.world import Colleague, at_desk, colleague
from tests.test_query_counts import asked

pytestmark = pytest.mark.django_db

NEW = "new@example.test"
ACTIONS = ("invitation/", "contact/", "username/", "sessions/", "limits/lift/")


@pytest.fixture
def olja() -> Colleague:
    """An operator in Serbia."""
    return colleague("Olja", "operator")


@pytest.fixture
def iva() -> Colleague:
    """Another operator."""
    return colleague("Iva", "operator")


@pytest.fixture
def jelena() -> Person:
    """Jelena, with an account whose e-mail is confirmed."""
    person = on_file(JELENA)
    account(person, {"email": "jelena@example.test", "mobile": "+381641234567"})
    ContactPoint.objects.update(confirmed_at=timezone.now())
    return person


def asks(browser: Client, person: Person, action: str, **fields: str) -> tuple[int, str]:
    """What the desk answers to a form: the status, and the page that comes after."""
    answer = browser.post(f"/desk/{person.market}/people/{person.pk}/{action}", fields, follow=True)
    return answer.status_code, answer.content.decode()


def corrected(browser: Client, person: Person, **changes: str) -> tuple[int, str]:
    """Propose another e-mail address."""
    fields = {"kind": "email", "value": NEW, "checked": "document", **changes}
    return asks(browser, person, "contact/", **fields)


def email_of(person: Person) -> str:
    return ContactPoint.objects.get(account__person=person, kind="email").value


@pytest.mark.parametrize("action", ACTIONS)
def test_an_assessor_changes_nothing(jelena: Person, action: str) -> None:
    assert asks(at_desk(colleague("Vesna", "assessor")), jelena, action, reason="lost")[0] == 404
    assert not Event.objects.filter(actor_kind="staff", kind__startswith="account.").exists()


@pytest.mark.parametrize("action", ACTIONS[1:])
def test_an_agent_only_resends(jelena: Person, action: str) -> None:
    assert asks(at_desk(colleague("Mila", "agent")), jelena, action, reason="lost")[0] == 404


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_helps_somebody_of_another_market(olja: Colleague, action: str) -> None:
    budi = on_file(BUDI)
    assert at_desk(olja).post(f"/desk/rs/people/{budi.pk}/{action}").status_code == 404


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_helps_their_own_family(olja: Colleague, jelena: Person, action: str) -> None:
    enter_relation(staff=olja.account.pk, person=on_file(MARKO), by=SYSTEM)
    status, shown = asks(at_desk(olja), jelena, action, reason="lost")
    assert status == 422
    assert "about you or your family" in shown


def test_signing_out_needs_a_reason(olja: Colleague, jelena: Person) -> None:
    device = sign_in(account=jelena.account, known=None, by=SYSTEM)
    status, shown = asks(at_desk(olja), jelena, "sessions/", reason="because")
    assert (status, "choose a reason" in shown) == (422, True)
    assert device.access_token
    assert jelena.account.devices.signed_in(timezone.now()).count() == 1


def test_an_operator_signs_a_member_out_everywhere(olja: Colleague, jelena: Person) -> None:
    sign_in(account=jelena.account, known=None, by=SYSTEM)
    status, shown = asks(at_desk(olja), jelena, "sessions/", reason="lost")
    assert (status, "signed out everywhere" in shown) == (200, True)
    assert not jelena.account.devices.signed_in(timezone.now()).exists()
    event = Event.objects.get(kind="person.helped")
    assert (event.actor_id, event.facts) == (str(olja.account.pk), {"what": "sessions", "reason": "lost"})


def test_an_operator_lifts_the_limits_of_a_person(olja: Colleague, jelena: Person) -> None:
    name = "jelena@example.test:unknown"
    for _ in range(PASSWORD_TRIES.most):
        spend(PASSWORD_TRIES, name, market="rs")
    browser = at_desk(olja)
    page = browser.get(f"/desk/rs/people/{jelena.pk}/limits/").content.decode()
    assert "Wrong passwords" in page
    assert "password-tries" not in page, "the name is for programs"
    assert "10 of 10" in page
    assert "The limits are lifted" in asks(browser, jelena, "limits/lift/")[1]
    assert used(PASSWORD_TRIES, name, market="rs") is None
    assert Event.objects.filter(kind="limit.lifted", actor_id=str(olja.account.pk)).exists()


def test_the_page_of_limits_takes_at_most_fifteen_statements(olja: Colleague, jelena: Person) -> None:
    on_file(JELENA.but(policy_number="RS-3001"))
    browser = at_desk(olja)
    with asked() as found:
        assert browser.get(f"/desk/rs/people/{jelena.pk}/limits/").status_code == 200
    assert len(found) <= 15, "\n".join(found.statements)


def test_a_contact_is_corrected_by_two_operators(olja: Colleague, iva: Colleague, jelena: Person) -> None:
    sign_in(account=jelena.account, known=None, by=SYSTEM)
    status, shown = corrected(at_desk(olja), jelena)
    assert status == 200
    assert NEW in shown
    assert email_of(jelena) == "jelena@example.test"
    decide = f"/desk/rs/approvals/{Approval.objects.get().pk}/decide/"
    assert at_desk(olja).post(decide, {"decision": "approve"}).status_code == 422
    assert at_desk(iva).post(decide, {"decision": "approve"}).status_code == 302
    assert email_of(jelena) == NEW
    assert not jelena.account.devices.signed_in(timezone.now()).exists()
    assert [letter.template for letter in Post().to("jelena@example.test")] == ["contact-changed"]
    assert Event.objects.get(kind="contact.changed").actor_id == str(iva.account.pk)


@pytest.mark.parametrize(
    "changes", [{"value": "nobody"}, {"value": ""}, {"checked": ""}, {"kind": "mobile"}, {"kind": "fax"}]
)
def test_what_is_no_contact_is_not_proposed(olja: Colleague, jelena: Person, changes: dict[str, str]) -> None:
    assert corrected(at_desk(olja), jelena, **changes)[0] == 422
    assert not Approval.objects.exists()


def test_a_contact_that_changed_meanwhile_makes_the_proposal_stale(
    olja: Colleague, iva: Colleague, jelena: Person
) -> None:
    corrected(at_desk(olja), jelena)
    ContactPoint.objects.filter(kind="email").update(value="own@example.test", key="own@example.test")
    proposal = Approval.objects.get()
    at_desk(iva).post(f"/desk/rs/approvals/{proposal.pk}/decide/", {"decision": "approve"})
    proposal.refresh_from_db()
    assert (proposal.state, email_of(jelena)) == ("stale", "own@example.test")


def test_correcting_a_contact_needs_a_fresh_factor(olja: Colleague, jelena: Person) -> None:
    browser = at_desk(olja)
    StaffSession.objects.update(fresh_until=timezone.now() - timedelta(minutes=1))
    assert browser.get(f"/desk/rs/people/{jelena.pk}/contact/").status_code == 403


def test_an_agent_sends_a_new_invitation() -> None:
    mila, anna = colleague("Mila", "agent", market="ru"), on_file(ANNA)
    status, shown = asks(at_desk(mila), anna, "invitation/")
    assert (status, "invitation is on its way" in shown) == (200, True)
    asks(at_desk(mila), anna, "invitation/")
    assert Invitation.objects.filter(voided_at=None).count() == 1
    assert Invitation.objects.count() == 2


def test_no_invitation_goes_where_none_can_go() -> None:
    mila, anna = colleague("Mila", "agent", market="ru"), on_file(ANNA.but(email=""))
    status, shown = asks(at_desk(mila), anna, "invitation/")
    assert (status, "No invitation was sent" in shown) == (422, True)


@pytest.mark.parametrize("action", ["invitation/", "username/"])
def test_a_colleague_sends_only_so_many_letters_in_an_hour(action: str) -> None:
    olja, budi = colleague("Olja", "operator", market="id"), on_file(BUDI)
    account(budi, {"email": "budi@example.test"})
    for _ in range(LETTERS.most):
        spend(LETTERS, str(olja.account.pk), market="id")
    names, letters = Username.objects.count(), len(Post().deliver())
    status, shown = asks(at_desk(olja), budi, action)
    assert (status, "Too many attempts" in shown) == (429, True)
    assert (Username.objects.count(), len(Post().deliver()), letters) == (names, 0, 0)
    another = colleague("Iva", "operator", market="id")
    assert asks(at_desk(another), budi, action)[0] != 429


def test_an_operator_gives_a_new_username() -> None:
    olja, budi = colleague("Olja", "operator", market="id"), on_file(BUDI)
    made = account(budi, {"email": "budi@example.test"})
    old = Username.objects.create(market="id", value="kadusa4826", account=made)
    refused, shown = asks(at_desk(olja), budi, "username/")
    assert (refused, "no confirmed email" in shown) == (422, True)
    ContactPoint.objects.update(confirmed_at=timezone.now())
    status, shown = asks(at_desk(olja), budi, "username/")
    assert (status, "on its way" in shown) == (200, True)
    old.refresh_from_db()
    assert old.replaced_at is not None
    assert [letter.template for letter in Post().to("budi@example.test")] == ["username-issued"]


def test_the_history_lists_messages_without_their_contents(olja: Colleague, iva: Colleague, jelena: Person) -> None:
    sign_in(account=jelena.account, known=None, by=SYSTEM)
    corrected(at_desk(olja), jelena)
    at_desk(iva).post(f"/desk/rs/approvals/{Approval.objects.get().pk}/decide/", {"decision": "approve"})
    history = f"/desk/rs/people/{jelena.pk}/history/"
    assert "On its way" in at_desk(olja).get(history).content.decode()
    Post().deliver()
    shown = at_desk(olja).get(history).content.decode()
    assert "Contact changed" in shown
    assert "contact-changed" not in shown, "the name is for programs"
    assert "On its way" not in shown
    assert "jelena@example.test" not in shown


def test_the_history_lists_an_invitation() -> None:
    mila, anna = colleague("Mila", "agent", market="ru"), on_file(ANNA)
    asks(at_desk(mila), anna, "invitation/")
    shown = at_desk(mila).get(f"/desk/ru/people/{anna.pk}/history/").content.decode()
    assert "Invitation to register" in shown
    assert "Email, " in shown


@pytest.mark.parametrize("action", ["sessions/", "invitation/"])
def test_a_refused_form_that_shows_the_account_is_a_look_as_well(olja: Colleague, jelena: Person, action: str) -> None:
    status, page = asks(at_desk(olja), jelena, action)
    assert status == 422
    assert "jelena@example.test" in page
    assert [(one.staff, one.role) for one in staff_viewings_of(jelena)] == [(olja.account.pk, "operator")]


def test_whoever_is_noted_as_family_after_proposing_corrects_nothing(
    olja: Colleague, iva: Colleague, jelena: Person
) -> None:
    corrected(at_desk(olja), jelena)
    enter_relation(staff=olja.account.pk, person=jelena, by=SYSTEM)
    approval = Approval.objects.get()
    at_desk(iva).post(f"/desk/rs/approvals/{approval.pk}/decide/", {"decision": "approve"})
    approval.refresh_from_db()
    assert approval.state == "stale"
    assert email_of(jelena) == "jelena@example.test"


def test_a_second_correction_of_the_same_contact_is_refused_and_what_was_typed_stays(
    olja: Colleague, iva: Colleague, jelena: Person
) -> None:
    corrected(at_desk(olja), jelena)
    status, shown = corrected(at_desk(iva), jelena, value="other@example.test")
    assert status == 422
    assert "A proposal about the same thing already waits: Olja, " in shown
    assert 'value="other@example.test"' in shown
    assert Approval.objects.count() == 1
    assert corrected(at_desk(iva), jelena, kind="mobile", value="0641234568")[0] == 200, "another contact"
    marko = on_file(MARKO)
    account(marko, {"email": "marko@example.test"})
    assert corrected(at_desk(iva), marko)[0] == 200, "another member"
    assert Approval.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_of_one_contact_at_one_moment_one_waits(
    olja: Colleague, iva: Colleague, jelena: Person
) -> None:
    payload = payload_of(jelena.account, NewContact("email", NEW, confirmed=True), "document")
    second = at_desk(iva)

    def proposes() -> None:
        propose(kind=CONTACT_CORRECTION, market="rs", payload=payload, proposer=olja.account, by=olja.actor)

    refused = second_waits(proposes, lambda: corrected(second, jelena, value="other@example.test"), but=LookupError)
    assert isinstance(refused, tuple)
    assert refused[0] == 422
    assert "waits: Olja, " in refused[1]
    assert Approval.objects.count() == 1
