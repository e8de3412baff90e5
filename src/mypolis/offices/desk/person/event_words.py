"""What happened to a person's data and account, in plain words. The trail itself has more, for auditors."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Text

EVENT_WORDS: Mapping[str, Text] = {
    "person.added": _("Put on file"),
    "person.changed": _("Data on file changed"),
    "person.viewed": _("Staff looked at the data"),
    "person.helped": _("Staff helped"),
    "membership.added": _("Cover added"),
    "membership.changed": _("Cover changed"),
    "account.created": _("Registered"),
    "account.signed_in": _("Signed in"),
    "account.signed_out": _("Signed out"),
    "account.locked": _("Account locked"),
    "account.unlocked": _("Account unlocked"),
    "account.password_changed": _("Password changed"),
    "account.password_refused": _("Wrong password"),
    "account.temporary_password_sent": _("Temporary password sent"),
    "account.temporary_passwords_forgotten": _("Old temporary passwords deleted"),
    "account.username_sent": _("Username sent"),
    "account.username_issued": _("New username issued"),
    "account.notices_held_back": _("Too many messages in a day: some were held back"),
    "account.language_chosen": _("Language chosen"),
    "signin.refused": _("Sign-in refused"),
    "authenticator.linked": _("Authenticator app linked"),
    "authenticator.unlinked": _("Authenticator app removed"),
    "contact.added": _("Contact added"),
    "contact.changed": _("Contact changed"),
    "contact.confirmed": _("Contact confirmed"),
    "contact.bounced": _("Mail came back"),
    "consent.given": _("Consent given"),
    "consent.withdrawn": _("Consent withdrawn"),
    "family.viewed": _("A relative or proxy looked at the data"),
    "family.hidden": _("Hidden from parents"),
    "family.shown": _("Shown to parents again"),
    "family.told_of_age": _("Told about coming of age"),
    "family.viewings_forgotten": _("Old viewings deleted"),
    "staff_relation.entered": _("Noted as a relation of staff"),
    "staff_relation.removed": _("No longer noted as a relation of staff"),
}

ACTOR_WORDS: Mapping[str, Text] = {
    "member": _("a member"),
    "staff": _("staff"),
    "stranger": _("somebody who was not signed in"),
    "system": _("the portal"),
    "partner": _("a partner’s program"),
    "provider": _("a provider of care"),
    "hr": _("the employer"),
}
