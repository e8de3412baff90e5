"""The right of staff to the tokens of partners' programs."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Right

PARTNER_TOKENS = Right(
    "partner-tokens",
    _("see which programs of partners have tokens, propose new ones, end a token at once"),
    frozenset({"staff"}),
    frozenset({"administrator"}),
    fresh=True,
    four_eyes=True,
)
