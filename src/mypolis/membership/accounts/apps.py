from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Api, Check, Command, NavigationEntry, Pages, Room, Vocabulary
from mypolis.membership.accounts.retention import TEMPORARY_PASSWORDS


class AccountsRoom(Room):
    """Accounts of members: contact points, passwords, one-time codes, devices."""

    name = "mypolis.membership.accounts"
    label = "accounts"
    events = "event_kinds.AccountEvent"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    vocabulary = Vocabulary(
        steps=("code", "email-code", "new-code", "password", "new-password"),
        fields=("code", "password", "password_repeat", "email", "mobile"),
    )
    pages = (Pages(place=60),)
    api = (Api(),)
    commands = (Command("usernames", "give members new usernames"),)
    jobs = "jobs"
    navigation = (NavigationEntry(80, "security", _("Contacts and security"), "lock", seldom=True),)
    waiting = ("on_other_pages.home_notices.unconfirmed_email",)
    short_lived = ("key_rotation.short_lived",)
    bounces = ("bounces.mark",)
    checks = (Check("findings.findings"),)
    retention = (TEMPORARY_PASSWORDS,)
    extends = {"desk.person_sections": ("on_other_pages.desk_section.ACCOUNT", "on_other_pages.desk_section.MESSAGES")}
