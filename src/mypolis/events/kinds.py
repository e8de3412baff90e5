"""Every kind of event there is. Grammar: `<what>.<what happened to it>`; add here before recording."""

from enum import StrEnum


class Kind(StrEnum):
    """The declared list; the value is what stands in the database and in exports."""

    JOURNEY_STARTED = "journey.started"
    JOURNEY_ANSWERED = "journey.answered"
    JOURNEY_REFUSED = "journey.refused"
    JOURNEY_WENT_BACK = "journey.went_back"
    JOURNEY_FINISHED = "journey.finished"

    CODE_SENT = "code.sent"
    CODE_ENTERED = "code.entered"
    CODE_REFUSED = "code.refused"

    ACCOUNT_CREATED = "account.created"
    ACCOUNT_SIGNED_IN = "account.signed_in"
    ACCOUNT_SIGNED_OUT = "account.signed_out"
    ACCOUNT_PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - the name of an event
    ACCOUNT_TEMPORARY_PASSWORD_SENT = "account.temporary_password_sent"  # noqa: S105 - the name of an event
    ACCOUNT_USERNAME_SENT = "account.username_sent"
    ACCOUNT_USERNAME_ISSUED = "account.username_issued"
    ACCOUNT_LANGUAGE_CHOSEN = "account.language_chosen"
    CONTACT_ADDED = "contact.added"
    CONTACT_CONFIRMED = "contact.confirmed"
    SIGNIN_REFUSED = "signin.refused"

    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"

    MESSAGE_QUEUED = "message.queued"
    MESSAGE_TAKEN = "message.taken"
    MESSAGE_GIVEN_UP = "message.given_up"
    MESSAGE_WITHDRAWN = "message.withdrawn"
    MESSAGE_IN_DOUBT = "message.in_doubt"

    ROSTER_LOADED = "roster.loaded"
    EMPLOYER_ADDED = "employer.added"
    POLICY_ADDED = "policy.added"
    POLICY_CHANGED = "policy.changed"
    PERSON_ADDED = "person.added"
    PERSON_CHANGED = "person.changed"
    MEMBERSHIP_ADDED = "membership.added"
    MEMBERSHIP_CHANGED = "membership.changed"
    INVITATION_SENT = "invitation.sent"
    INVITATION_VOIDED = "invitation.voided"
    INVITATION_USED = "invitation.used"

    KEYS_ROTATED = "keys.rotated"
