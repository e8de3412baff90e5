"""The rights of this room."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Right

SEE_COLLEAGUES = Right(
    "colleagues",
    _("see who works at the desk, with which roles"),
    frozenset({"staff"}),
    frozenset({"administrator", "auditor"}),
)
MANAGE_STAFF = Right(
    "staff",
    _("invite colleagues, give and take roles, close accounts"),
    frozenset({"staff"}),
    frozenset({"administrator"}),
    fresh=True,
    four_eyes=True,
)
TRIAL_MESSAGES = Right(
    "test-messages",
    _("send a test message to oneself"),
    frozenset({"staff"}),
    frozenset({"administrator", "operator"}),
)
