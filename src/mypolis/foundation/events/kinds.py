"""Every kind of event there is. Grammar: `<what>.<what happened to it>`; add here before recording."""

from enum import StrEnum


class Kind(StrEnum):
    """The declared list; the value is what stands in the database and in exports."""

    JOURNEY_STARTED = "journey.started"
    JOURNEY_ANSWERED = "journey.answered"
    JOURNEY_REFUSED = "journey.refused"
    JOURNEY_LEFT = "journey.left"  # for another site
    JOURNEY_RETURNED = "journey.returned"
    JOURNEY_WENT_BACK = "journey.went_back"
    JOURNEY_LANGUAGE_CHOSEN = "journey.language_chosen"
    JOURNEY_FINISHED = "journey.finished"
    JOURNEY_FORGOTTEN = "journey.forgotten"

    CODE_SENT = "code.sent"
    CODE_ENTERED = "code.entered"
    CODE_REFUSED = "code.refused"

    ACCOUNT_CREATED = "account.created"
    ACCOUNT_SIGNED_IN = "account.signed_in"
    ACCOUNT_SIGNED_OUT = "account.signed_out"
    ACCOUNT_PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - the name of an event
    ACCOUNT_PASSWORD_REFUSED = "account.password_refused"  # noqa: S105 - the name of an event
    ACCOUNT_TEMPORARY_PASSWORD_SENT = "account.temporary_password_sent"  # noqa: S105 - the name of an event
    ACCOUNT_TEMPORARY_PASSWORDS_FORGOTTEN = "account.temporary_passwords_forgotten"
    ACCOUNT_USERNAME_SENT = "account.username_sent"
    ACCOUNT_USERNAME_ISSUED = "account.username_issued"
    ACCOUNT_NOTICES_HELD_BACK = "account.notices_held_back"
    ACCOUNT_LANGUAGE_CHOSEN = "account.language_chosen"
    AUTHENTICATOR_LINKED = "authenticator.linked"
    AUTHENTICATOR_UNLINKED = "authenticator.unlinked"
    CONTACT_ADDED = "contact.added"
    CONTACT_CHANGED = "contact.changed"
    CONTACT_CONFIRMED = "contact.confirmed"
    CONTACT_BOUNCED = "contact.bounced"
    SIGNIN_REFUSED = "signin.refused"

    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"

    MESSAGE_QUEUED = "message.queued"
    MESSAGE_TAKEN = "message.taken"
    MESSAGE_GIVEN_UP = "message.given_up"
    MESSAGE_WITHDRAWN = "message.withdrawn"
    MESSAGE_IN_DOUBT = "message.in_doubt"
    MESSAGE_DELIVERED = "message.delivered"
    MESSAGE_UNDELIVERABLE = "message.undeliverable"
    GATEWAY_DOWN = "gateway.down"
    GATEWAY_UP = "gateway.up"

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
    INVITATION_BOUNCED = "invitation.bounced"

    LIMIT_LIFTED = "limit.lifted"

    PLAN_BOOK_LOADED = "plan.book_loaded"
    PLAN_VERSION_ADDED = "plan.version_added"
    COVER_ENTRY_WRITTEN = "cover.entry_written"
    COVER_FEED_LOADED = "cover.feed_loaded"
    COVER_PAYMENTS_LOADED = "cover.payments_loaded"
    COVER_BALANCES_MENDED = "cover.balances_mended"

    FILE_STORED = "file.stored"
    FILE_OPENED = "file.opened"
    FILE_REMOVED = "file.removed"

    CARD_ACTIVATED = "card.activated"
    CARD_REISSUED = "card.reissued"
    CARD_CHECKED = "card.checked"
    CARD_LOOKS_FORGOTTEN = "card.looks_forgotten"
    LETTER_ISSUED = "letter.issued"
    LETTER_CHECKED = "letter.checked"

    MANDATE_OFFERED = "mandate.offered"
    MANDATE_ACCEPTED = "mandate.accepted"
    MANDATE_DECLINED = "mandate.declined"
    MANDATE_ENDED = "mandate.ended"
    FAMILY_VIEWED = "family.viewed"
    FAMILY_HIDDEN = "family.hidden"
    FAMILY_SHOWN = "family.shown"
    FAMILY_TOLD_OF_AGE = "family.told_of_age"
    FAMILY_VIEWINGS_FORGOTTEN = "family.viewings_forgotten"

    PARTNER_TOKEN_ISSUED = "partner.token_issued"  # noqa: S105 - the name of an event
    PARTNER_TOKEN_ENDED = "partner.token_ended"  # noqa: S105 - the name of an event

    KEYS_ROTATED = "keys.rotated"
