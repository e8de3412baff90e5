"""Members who act for adults: by the giver's mandate, or by the consent of a relative without an account."""

import secrets
from datetime import timedelta

from django.utils import timezone

from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.models import ClaimConsent, Mandate
from mypolis.membership.people.models import Person
from tests.cast import SITI, on_file
from tests.claims.world import draft


def mandate(giver: Account, proxy: Account) -> Mandate:
    """The giver lets the proxy see cover and make claims."""
    now = timezone.now()
    return Mandate.objects.create(
        market=giver.market,
        giver=giver,
        proxy=proxy,
        scopes=["cover", "claims"],
        expires_at=now + timedelta(days=7),
        accepted_at=now,
    )


def spouse(holder: Account) -> Person:
    """A spouse without an account, in the family of a member."""
    holder.person.memberships.update(relation="employee", employee_number="E-1")
    person = on_file(SITI)
    person.memberships.update(relation="spouse", employee_number="E-1", plan="gold")
    return person


def consent(person: Person, asker: Account) -> ClaimConsent:
    """A relative has consented to claims by a link."""
    now = timezone.now()
    return ClaimConsent.objects.create(
        market=asker.market,
        asker=asker,
        person=person,
        token_hash=secrets.token_bytes(32),
        channel="email",
        expires_at=now + timedelta(days=14),
        given_at=now,
    )


def draft_for(account: Account, person: Person) -> Claim:
    """A draft that a member begins for somebody else."""
    return draft(account, membership=person.memberships.select_related("policy", "person").get())
