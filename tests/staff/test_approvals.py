"""What one administrator proposes, another approves before it takes effect."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.staff.approvals.flows import AlreadyProposed, NotYours, approve, expire_old, propose, reject
from mypolis.foundation.staff.models import Approval, StaffAccount
from mypolis.foundation.staff.team.role_approvals import ROLE_CHANGE
from mypolis.foundation.staff.team.role_changes import close, give_role, owes_role_to, take_role
from tests.offices.threads import second_waits
from tests.post import Post
from tests.staff.world import Colleague, at_desk, colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Colleague:
    """An administrator."""
    return colleague("Ana", "administrator")


@pytest.fixture
def olga() -> Colleague:
    """Another administrator."""
    return colleague("Olga", "administrator")


@pytest.fixture
def vesna() -> Colleague:
    """An assessor."""
    return colleague("Vesna", "assessor")


def proposed(by: Colleague, about: Colleague, role: str = "senior-assessor") -> Approval:
    """A proposal to give somebody a role."""
    payload = {"account": about.account.pk, "role": role}
    return propose(kind=ROLE_CHANGE, market="rs", payload=payload, proposer=by.account, by=by.actor)


def roles(one: Colleague) -> frozenset[str]:
    """Their roles now."""
    return StaffAccount.objects.get(pk=one.account.pk).roles_in("rs")


def test_a_role_needs_two_administrators(ana: Colleague, olga: Colleague, vesna: Colleague) -> None:
    browser = at_desk(ana)
    sent = browser.post(f"/desk/rs/team/{vesna.account.pk}/role/", {"role": "senior-assessor"})
    page = sent["Location"]
    assert roles(vesna) == {"assessor"}, "nothing happened yet"
    own = browser.post(f"{page}decide/", {"decision": "approve"})
    assert own.status_code == 422
    assert "cannot decide it" in own.content.decode()
    assert at_desk(olga).post(f"{page}decide/", {"decision": "approve"}).status_code == 302
    assert roles(vesna) == {"assessor", "senior-assessor"}


def test_nobody_decides_about_themselves(ana: Colleague, olga: Colleague) -> None:
    with pytest.raises(NotYours, match="own"):
        proposed(ana, ana)
    about_olga = proposed(ana, olga)
    with pytest.raises(NotYours, match="own"):
        approve(approval=about_olga, approver=olga.account, by=olga.actor)


def test_the_second_person_needs_the_right_too(ana: Colleague, vesna: Colleague) -> None:
    mira = colleague("Mira", "agent")
    waits = proposed(ana, mira)
    with pytest.raises(NotYours, match="right"):
        approve(approval=waits, approver=vesna.account, by=vesna.actor)
    assert at_desk(vesna).get(f"/desk/rs/approvals/{waits.pk}/").status_code == 404


def test_the_database_refuses_one_person_in_both_parts(ana: Colleague, vesna: Colleague) -> None:
    waits = proposed(ana, vesna)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=waits.pk).update(decided_by=ana.account)


def test_a_proposal_that_no_longer_fits_changes_nothing(ana: Colleague, olga: Colleague, vesna: Colleague) -> None:
    waits = proposed(ana, vesna)
    close(account=vesna.account, by=SYSTEM)
    assert approve(approval=waits, approver=olga.account, by=olga.actor).state == "stale"
    assert roles(vesna) == {"assessor"}


def test_a_proposal_of_somebody_who_lost_the_right_changes_nothing(
    ana: Colleague, olga: Colleague, vesna: Colleague
) -> None:
    waits = proposed(ana, vesna)
    take_role(account=ana.account, market="rs", role="administrator", by=SYSTEM)
    assert approve(approval=waits, approver=olga.account, by=olga.actor).state == "stale"
    assert roles(vesna) == {"assessor"}


def test_a_proposal_that_somebody_altered_changes_nothing(ana: Colleague, olga: Colleague, vesna: Colleague) -> None:
    waits = proposed(ana, vesna)
    waits.payload = {**waits.payload, "role": "administrator"}
    waits.save(update_fields=["payload"])
    assert approve(approval=waits, approver=olga.account, by=olga.actor).state == "stale"
    assert roles(vesna) == {"assessor"}


def test_a_proposal_is_decided_once_and_ends_after_three_days(
    ana: Colleague, olga: Colleague, vesna: Colleague
) -> None:
    waits, late = proposed(ana, vesna), proposed(ana, vesna, "agent")
    approve(approval=waits, approver=olga.account, by=olga.actor)
    with pytest.raises(NotYours, match="closed"):
        approve(approval=waits, approver=olga.account, by=olga.actor)
    Approval.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotYours, match="closed"):
        approve(approval=late, approver=olga.account, by=olga.actor)
    assert expire_old() == 1
    assert Approval.objects.get(pk=late.pk).state == "expired"


def test_a_rejection_says_why_and_a_proposal_can_be_taken_back(
    ana: Colleague, olga: Colleague, vesna: Colleague
) -> None:
    waits, second = proposed(ana, vesna), proposed(ana, vesna, "agent")
    browser = at_desk(olga)
    page = f"/desk/rs/approvals/{waits.pk}/decide/"
    assert browser.post(page, {"decision": "reject"}).status_code == 422
    assert browser.post(page, {"decision": "reject", "reason": "Not yet trained"}).status_code == 302
    assert "Not yet trained" in at_desk(ana).get(f"/desk/rs/approvals/{waits.pk}/").content.decode()
    assert browser.post(f"/desk/rs/approvals/{second.pk}/decide/", {"decision": "withdraw"}).status_code == 422
    taken_back = at_desk(ana).post(f"/desk/rs/approvals/{second.pk}/decide/", {"decision": "withdraw"})
    assert taken_back.status_code == 302
    assert Approval.objects.get(pk=second.pk).state == "withdrawn"


def test_an_invitation_goes_out_when_it_is_approved(ana: Colleague, olga: Colleague, post: Post) -> None:
    answers = {"name": "Mira", "email": "mira@insurer.example", "role": "agent"}
    sent = at_desk(ana).post("/desk/rs/team/invite/", answers)
    assert not post.to("mira@insurer.example")
    at_desk(olga).post(f"{sent['Location']}decide/", {"decision": "approve"})
    assert "/desk/i/" in post.to("mira@insurer.example")[0].links[0]


def test_somebody_who_works_here_already_is_not_invited(ana: Colleague, vesna: Colleague) -> None:
    answers = {"name": "Vesna", "email": "VESNA@insurer.example", "role": "agent"}
    refused = at_desk(ana).post("/desk/rs/team/invite/", answers)
    assert refused.status_code == 422
    assert "works at the desk already" in refused.content.decode()


def test_nobody_decides_what_the_one_proposes_who_made_them_an_administrator(ana: Colleague, olga: Colleague) -> None:
    mira = colleague("Mira", "agent")
    page = at_desk(ana).post(f"/desk/rs/team/{mira.account.pk}/role/", {"role": "administrator"})["Location"]
    at_desk(olga).post(f"{page}decide/", {"decision": "approve"})
    vesna, puppet = colleague("Vesna", "assessor"), at_desk(mira)
    for proposer in (ana, olga):
        waits = at_desk(proposer).post(f"/desk/rs/team/{vesna.account.pk}/role/", {"role": "administrator"})["Location"]
        assert 'value="approve"' not in puppet.get(waits).content.decode()
        refused = puppet.post(f"{waits}decide/", {"decision": "approve"})
        assert refused.status_code == 422
        assert "made you an administrator" in refused.content.decode()
        at_desk(proposer).post(f"{waits}decide/", {"decision": "withdraw"})
    theirs = puppet.post(f"/desk/rs/team/{vesna.account.pk}/role/", {"role": "administrator"})["Location"]
    assert at_desk(ana).post(f"{theirs}decide/", {"decision": "approve"}).status_code == 302
    assert "administrator" in roles(vesna), "the other way round it is two people who do not owe each other"


def test_somebody_invited_as_an_administrator_owes_it_to_both(ana: Colleague, olga: Colleague, post: Post) -> None:
    answers = {"name": "Mira", "email": "mira@insurer.example", "role": "administrator"}
    page = at_desk(ana).post("/desk/rs/team/invite/", answers)["Location"]
    at_desk(olga).post(f"{page}decide/", {"decision": "approve"})
    mira = StaffAccount.objects.get(email="mira@insurer.example")
    assert owes_role_to(mira, ana.account, "rs")
    assert owes_role_to(mira, olga.account, "rs")
    assert not owes_role_to(ana.account, olga.account, "rs")


def test_proposals_are_filtered_by_state_and_the_filter_is_saved(ana: Colleague, vesna: Colleague) -> None:
    waits, old = proposed(ana, vesna), proposed(ana, vesna, "agent")
    Approval.objects.filter(pk=old.pk).update(state=Approval.State.EXPIRED)
    browser = at_desk(ana)
    page = browser.get("/desk/rs/approvals/?state=proposed").content.decode()
    assert f"/desk/rs/approvals/{waits.pk}/" in page
    assert f"/desk/rs/approvals/{old.pk}/" not in page
    assert 'name="ticket"' in page
    assert f"/desk/rs/approvals/{old.pk}/" in browser.get("/desk/rs/approvals/?state=nonsense").content.decode()


def test_the_start_page_says_what_waits_for_a_second_person(ana: Colleague, olga: Colleague, vesna: Colleague) -> None:
    waits = "1 change that a colleague proposed waits for a second person."
    proposed(ana, vesna)
    assert waits in at_desk(olga).get("/desk/rs/").content.decode()
    assert waits not in at_desk(ana).get("/desk/rs/").content.decode(), "her own waits for somebody else"
    assert waits not in at_desk(vesna).get("/desk/rs/").content.decode(), "an assessor approves no roles"
    Approval.objects.update(expires_at=timezone.now())
    assert waits not in at_desk(olga).get("/desk/rs/").content.decode(), "it is too old"


def test_a_proposal_that_no_longer_fits_says_that_nothing_was_done(
    ana: Colleague, olga: Colleague, vesna: Colleague
) -> None:
    first, second = proposed(ana, vesna), proposed(ana, vesna, "agent")
    give_role(account=vesna.account, market="rs", role="agent", by=SYSTEM)
    browser = at_desk(olga)
    for one in (first, second):
        browser.post(f"/desk/rs/approvals/{one.pk}/decide/", {"decision": "approve"})
    assert "nothing was done" not in browser.get(f"/desk/rs/approvals/{first.pk}/").content.decode()
    assert "nothing was done" in browser.get(f"/desk/rs/approvals/{second.pk}/").content.decode()


def test_a_second_proposal_about_the_same_is_refused_with_whose_the_first_is(
    ana: Colleague, olga: Colleague, vesna: Colleague
) -> None:
    proposed(ana, vesna)
    page = f"/desk/rs/team/{vesna.account.pk}/role/"
    for one in (ana, olga):
        refused = at_desk(one).post(page, {"role": "senior-assessor"})
        assert refused.status_code == 422
        assert "A proposal about the same thing already waits: Ana, " in refused.content.decode()
    assert at_desk(olga).post(page, {"role": "agent"}).status_code == 302, "another role is another change"
    assert Approval.objects.count() == 2


@pytest.mark.parametrize("state", ["applied", "rejected", "withdrawn", "expired", "stale", "too old"])
def test_a_proposal_that_is_over_stands_in_nobodys_way(ana: Colleague, vesna: Colleague, state: str) -> None:
    first = proposed(ana, vesna)
    past = timezone.now() - timedelta(seconds=1)
    changes = {"expires_at": past} if state == "too old" else {"state": state}
    Approval.objects.filter(pk=first.pk).update(**changes)
    assert proposed(ana, vesna).pk != first.pk


@pytest.mark.parametrize("how", ["account closed", "role taken"])
def test_the_proposal_of_somebody_who_left_stands_in_nobodys_way(ana: Colleague, vesna: Colleague, how: str) -> None:
    mira, _olga = colleague("Mira"), colleague("Olga", "administrator")
    give_role(account=mira.account, market="rs", role="administrator", by=SYSTEM, proposed_by=ana.account)
    first = proposed(ana, vesna)
    with pytest.raises(AlreadyProposed):
        proposed(mira, vesna)
    if how == "account closed":
        close(account=ana.account, by=SYSTEM)
    else:
        take_role(account=ana.account, market="rs", role="administrator", by=SYSTEM)
    with pytest.raises(NotYours, match="dependent"):  # so she could not clear it away herself
        reject(approval=first, approver=mira.account, reason="Ana left", by=mira.actor)
    assert proposed(mira, vesna).pk != first.pk
    closed = Approval.objects.get(pk=first.pk)
    assert (closed.state, closed.decided_by) == ("stale", None)
    assert Event.objects.filter(kind="approval.closed", subject__endswith=str(first.pk)).count() == 1


def test_an_invitation_that_waits_is_not_proposed_again_and_the_form_keeps_what_was_typed(ana: Colleague) -> None:
    browser = at_desk(ana)
    answers = {"name": "Mira", "email": "mira@insurer.example", "role": "agent"}
    browser.post("/desk/rs/team/invite/", answers)
    refused = browser.post("/desk/rs/team/invite/", {**answers, "email": "MIRA@insurer.example", "name": "Mira Marić"})
    assert refused.status_code == 422
    assert "A proposal about the same thing already waits: Ana, " in refused.content.decode()
    assert "Mira Marić" in refused.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_proposals_about_the_same_at_one_moment_one_waits(
    ana: Colleague, olga: Colleague, vesna: Colleague
) -> None:
    second = second_waits(lambda: proposed(ana, vesna), lambda: proposed(olga, vesna), but=AlreadyProposed)
    assert isinstance(second, AlreadyProposed)
    assert second.first.proposed_by == ana.account
    assert Approval.objects.count() == 1
