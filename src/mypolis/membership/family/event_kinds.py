"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class FamilyEvent(Kind):
    """What happens to mandates, to consents to claims, and to the privacy of families."""

    MANDATE_OFFERED = kind("mandate.offered", by="member system", about="family.mandate")
    MANDATE_ACCEPTED = kind("mandate.accepted", by="member system", about="family.mandate")
    MANDATE_DECLINED = kind("mandate.declined", by="member system", about="family.mandate")
    MANDATE_ENDED = kind("mandate.ended", by="member system", about="family.mandate")
    CONSENT_ASKED = kind("claim_consent.asked", by="member", about="family.claimconsent")
    CONSENT_GIVEN = kind("claim_consent.given", by="member stranger", about="family.claimconsent")
    CONSENT_DECLINED = kind("claim_consent.declined", by="member stranger", about="family.claimconsent")
    CONSENT_ENDED = kind("claim_consent.ended", by="member stranger", about="family.claimconsent")
    FAMILY_VIEWED = kind("family.viewed", by="member system", about="accounts.account people.person")
    FAMILY_HIDDEN = kind("family.hidden", by="member system", about="accounts.account people.person")
    FAMILY_SHOWN = kind("family.shown", by="member system", about="accounts.account people.person")
    FAMILY_TOLD_OF_AGE = kind("family.told_of_age", by="member system", about="accounts.account people.person")
    PERSON_VIEWED = kind("person.viewed", by="staff", about="people.person")
    STAFF_RELATION_ENTERED = kind("staff_relation.entered", by="staff system", about="people.person")
    STAFF_RELATION_REMOVED = kind("staff_relation.removed", by="staff system", about="people.person")
    CONSENT_REQUESTS_FORGOTTEN = kind(
        "claim_consent.requests_forgotten", by="system", or_nothing=True, of_no_market=True, by_worker=True
    )
    FAMILY_VIEWINGS_FORGOTTEN = kind(
        "family.viewings_forgotten",
        by="member system",
        about="accounts.account people.person",
        or_nothing=True,
        of_no_market=True,
        by_worker=True,
    )
