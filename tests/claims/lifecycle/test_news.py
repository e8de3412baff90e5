"""Who gets the news about a claim: only members who may see it then."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mypolis.foundation.notices.models import Message
from mypolis.insurance.claims import access
from mypolis.insurance.claims.lifecycle.deciding import decide
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.models import ClaimConsent, Mandate
from mypolis.membership.people.models import Person
from tests.claims.acting import consent, draft_for, mandate, spouse
from tests.claims.verdicts import CORE, questioned, verdict
from tests.claims.world import actor, bank_account, bill, changed, paper, reread


def reachable(account: Account) -> str:
    """The member's confirmed address."""
    value = f"member-{account.pk}@example.test"
    account.contact_points.create(
        market=account.market, kind="email", value=value, key=value, exclusive=False, confirmed_at=timezone.now()
    )
    return value


def sent_for(account: Account, person: Person, payee: Account) -> Claim:
    """A claim that a member made for somebody else."""
    claim, given = draft_for(account, person), bill(account)
    words = {"provider": "Klinik Melati", "diagnosis": "batuk"}
    changed(account, claim, treated_on=given.date, lines=[given], pay_to=bank_account(payee).pk, **words)
    paper(claim)
    claim = submit(account=account, claim=claim.pk, by=actor(account))
    Message.objects.all().delete()
    return claim


def told() -> list[str]:
    """Who got news, in the order of the addresses; the database has them encrypted."""
    return sorted(message.to or "" for message in Message.objects.filter(template__startswith="claim-"))


def test_a_proxy_and_the_giver_get_the_news_while_the_mandate_is_active(budi: Account, siti: Account) -> None:
    mandate(budi, siti)
    addresses = sorted((reachable(budi), reachable(siti)))
    claim = sent_for(siti, budi.person, budi)
    decide(claim=claim, verdict=verdict(claim, "100"), by=CORE)
    assert told() == addresses


def test_after_the_mandate_has_ended_only_the_giver_gets_the_news(budi: Account, siti: Account) -> None:
    mandate(budi, siti)
    giver, _proxy = reachable(budi), reachable(siti)
    claim = sent_for(siti, budi.person, budi)
    Mandate.objects.update(ended_at=timezone.now(), ended_by="giver")
    with pytest.raises(access.UnknownClaim):
        access.find(siti, claim.pk)
    questioned(claim)
    decide(claim=reread(claim), verdict=verdict(claim, "100"), by=CORE)
    assert told() == [giver, giver]


def test_after_a_consent_has_ended_nobody_but_the_person_gets_the_news(budi: Account) -> None:
    consent(person := spouse(budi), budi)
    reachable(budi)
    claim = sent_for(budi, person, budi)
    ClaimConsent.objects.update(ended_at=timezone.now(), ended_by="person")
    decide(claim=claim, verdict=verdict(claim, "100"), by=CORE)
    assert told() == []


def test_a_child_who_has_come_of_age_gets_the_news_about_the_claims_of_a_parent(budi: Account, siti: Account) -> None:
    budi.person.memberships.update(relation="employee", employee_number="E-1")
    siti.person.memberships.update(relation="child", employee_number="E-1")
    siti.person.birth_date = budi.profile.today() - timedelta(days=10 * 365)
    siti.person.save(update_fields=["birth_date"])
    _parent, child = reachable(budi), reachable(siti)
    claim = sent_for(budi, siti.person, budi)
    siti.person.birth_date = budi.profile.today() - timedelta(days=30 * 365)
    siti.person.save(update_fields=["birth_date"])
    decide(claim=claim, verdict=verdict(claim, "100"), by=CORE)
    assert told() == [child]
