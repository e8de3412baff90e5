from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Api, JourneyKind, NavigationEntry, Pages, Room, Switch, Vocabulary
from mypolis.insurance.bank_accounts.retention import REMOVED


class BankAccountsRoom(Room):
    """Bank accounts to which the insurer pays members back."""

    name = "mypolis.insurance.bank_accounts"
    label = "bank_accounts"
    events = "event_kinds.BankAccountEvent"
    messages = "message_templates.MESSAGES"
    pages = (Pages(place=85),)
    switch = Switch(
        _("Bank accounts"), _("Bank accounts cannot be changed for now. Please try again later, or call us.")
    )
    api = (Api(),)
    jobs = "jobs"
    retention = (REMOVED,)
    navigation = (NavigationEntry(70, "bank-accounts", _("Bank accounts"), "wallet", seldom=True),)
    vocabulary = Vocabulary(
        journeys=(JourneyKind("bank-account", passes_on=("return_to",), links="bank_accounts/links.html"),),
        steps=("bank-account",),
        fields=("bik", "bank", "bank_code", "account_number", "holder"),
    )
    extends = {"journeys.in_every_market": ("journey.bank_account",)}
