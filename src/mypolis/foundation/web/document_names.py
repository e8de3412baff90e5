"""The names of a market's legal texts, by their keys, for the foot of each page and for lists."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DOCUMENT_NAMES: dict[str, Promise] = {
    "privacy": _("Privacy notice"),
    "licence": _("Licence agreement"),
    "rules": _("Rules"),
    "personal_data": _("Personal data"),
    "marketing": _("Marketing messages"),
}
