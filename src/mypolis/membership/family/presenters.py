"""Families and mandates as JSON documents."""

from datetime import date
from typing import Any

from django.utils import timezone

from mypolis.membership.family.access import Claimable, Seen
from mypolis.membership.family.claim_consents.candidates import Candidate
from mypolis.membership.family.models import ClaimConsent, Mandate, Viewing
from mypolis.membership.family.offers import Given
from mypolis.membership.family.relations.rules import WHATS


def seen_document(seen: Seen, today: date) -> dict[str, Any]:
    """Somebody whom the member may see."""
    mandate = seen.mandate
    return {
        "whose": seen.key,
        "name": seen.person.display_name,
        "seen_as": seen.seen_as,
        "relation": seen.relation,
        "sight": seen.sight,
        "has_account": seen.has_account,
        "state": seen.state_on(today),
        "may": [what for what in WHATS if seen.may(what)],
        "of_age_on": seen.of_age_on,
        "mandate": str(mandate.pk) if mandate else None,
        "until": mandate.until if mandate else None,
    }


def given_document(given: Given) -> dict[str, Any]:
    """A mandate as its giver may know it."""
    mandate = given.mandate
    return {
        "id": str(mandate.pk),
        "name": given.name,
        "state": given.state,
        "scopes": mandate.scopes,
        "until": mandate.until,
        "offered_at": mandate.offered_at,
        "expires_at": mandate.expires_at,
        "accepted_at": mandate.accepted_at,
        "ended_at": mandate.ended_at,
    }


def held_document(mandate: Mandate) -> dict[str, Any]:
    """A mandate as its proxy may know it. `expires_at` is empty once it is accepted."""
    return {
        "id": str(mandate.pk),
        "name": mandate.giver.person.display_name,
        "scopes": mandate.scopes,
        "until": mandate.until,
        "expires_at": None if mandate.accepted_at else mandate.expires_at,
    }


def claimable_document(found: Claimable) -> dict[str, Any]:
    """Somebody for whom the member may claim."""
    return {
        "whose": str(found.person.pk),
        "name": found.person.display_name,
        "role": found.role,
        "mandate": str(found.mandate.pk) if found.mandate else None,
        "consent": str(found.consent.pk) if found.consent else None,
        "memberships": [
            {
                "membership": str(row.pk),
                "policy_number": row.policy.number,
                "participant_number": row.participant_number,
                "first_day": row.first_day,
                "last_day": row.last_day,
            }
            for row in found.memberships
        ],
    }


def candidate_document(found: Candidate) -> dict[str, Any]:
    """A relative whose consent to claims is needed."""
    return {
        "whose": found.key,
        "name": found.person.display_name,
        "relation": found.relation,
        "state": found.state,
        "consent": str(found.consent.pk) if found.consent else None,
        "expires_at": found.consent.expires_at if found.consent else None,
    }


def consent_document(consent: ClaimConsent) -> dict[str, Any]:
    """A request for consent to claims, or the consent."""
    return {
        "id": str(consent.pk),
        "whose": str(consent.person_id),
        "name": consent.person.display_name,
        "state": consent.state_at(timezone.now()),
        "channel": consent.channel,
        "asked_at": consent.asked_at,
        "expires_at": consent.expires_at,
        "given_at": consent.given_at,
        "ended_at": consent.ended_at,
    }


def viewing_document(viewing: Viewing) -> dict[str, Any]:
    """Somebody opened the member's cover, card or claims."""
    return {
        "name": viewing.viewer.person.display_name,
        "seen_as": viewing.seen_as,
        "what": viewing.what,
        "at": viewing.at,
    }
