"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class AccountEvent(Kind):
    """What happens to accounts, their contact points, codes and authenticator apps."""

    CODE_SENT = kind("code.sent", by="member stranger", about="journeys.journey")
    CODE_ENTERED = kind("code.entered", by="member stranger", about="journeys.journey")
    CODE_REFUSED = kind("code.refused", by="member stranger", about="journeys.journey")
    ACCOUNT_CREATED = kind("account.created", by="member staff stranger system", about="accounts.account")
    ACCOUNT_SIGNED_IN = kind("account.signed_in", by="member staff stranger system", about="accounts.account")
    ACCOUNT_SIGNED_OUT = kind("account.signed_out", by="member staff stranger system", about="accounts.account")
    ACCOUNT_PASSWORD_CHANGED = kind(
        "account.password_changed", by="member staff stranger system", about="accounts.account"
    )
    ACCOUNT_PASSWORD_REFUSED = kind(
        "account.password_refused", by="member staff stranger system", about="accounts.account"
    )
    ACCOUNT_TEMPORARY_PASSWORD_SENT = kind(
        "account.temporary_password_sent", by="member staff stranger system", about="accounts.account", or_nothing=True
    )
    ACCOUNT_TEMPORARY_PASSWORDS_FORGOTTEN = kind(
        "account.temporary_passwords_forgotten",
        by="member staff stranger system",
        about="accounts.account",
        or_nothing=True,
        of_no_market=True,
        by_worker=True,
    )
    ACCOUNT_USERNAME_SENT = kind(
        "account.username_sent", by="member staff stranger system", about="accounts.account", or_nothing=True
    )
    ACCOUNT_USERNAME_ISSUED = kind(
        "account.username_issued", by="member staff stranger system", about="accounts.account"
    )
    ACCOUNT_NOTICES_HELD_BACK = kind(
        "account.notices_held_back", by="member partner staff stranger system", about="accounts.account"
    )
    ACCOUNT_LANGUAGE_CHOSEN = kind(
        "account.language_chosen", by="member staff stranger system", about="accounts.account"
    )
    ACCOUNT_LOCKED = kind("account.locked", by="staff", about="accounts.account")
    ACCOUNT_UNLOCKED = kind("account.unlocked", by="staff", about="accounts.account")
    AUTHENTICATOR_LINKED = kind("authenticator.linked", by="member", about="accounts.account")
    AUTHENTICATOR_UNLINKED = kind("authenticator.unlinked", by="member staff", about="accounts.account")
    CONTACT_ADDED = kind("contact.added", by="member staff stranger system", about="accounts.contactpoint")
    CONTACT_CHANGED = kind("contact.changed", by="member staff stranger system", about="accounts.contactpoint")
    CONTACT_CONFIRMED = kind("contact.confirmed", by="member staff stranger system", about="accounts.contactpoint")
    CONTACT_BOUNCED = kind("contact.bounced", by="member stranger system", about="accounts.contactpoint")
