"""The names of relations, as members see them."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets.profile import Text

RELATIONS: dict[str, Text] = {
    "child": _("Child"),
    "spouse": _("Husband or wife"),
    "parent": _("Parent"),
    "other": _("Relative"),
}
