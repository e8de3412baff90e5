"""The roles of staff. A role is given in one market; what it may do follows from the rights that rooms declare."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mypolis.foundation.rooms import Role, Text


class RoleText(NamedTuple):
    """How people call a role, and what it is for, in a sentence."""

    label: Text
    does: Text


ROLES: Mapping[Role, RoleText] = {
    "agent": RoleText(pgettext_lazy("role", "Agent"), _("answers members")),
    "operator": RoleText(pgettext_lazy("role", "Operator"), _("runs the portal and helps with accounts")),
    "assessor": RoleText(pgettext_lazy("role", "Assessor"), _("decides claims")),
    "senior-assessor": RoleText(pgettext_lazy("role", "Senior assessor"), _("decides large claims and appeals")),
    "editor": RoleText(pgettext_lazy("role", "Editor"), _("writes articles and notices")),
    "auditor": RoleText(pgettext_lazy("role", "Auditor"), _("reads the audit trail")),
    "administrator": RoleText(pgettext_lazy("role", "Administrator"), _("invites colleagues and gives roles")),
}
"""Every role with its words. The database and commands use the keys, so never rename one."""
