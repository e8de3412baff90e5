from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Api, Command, DeskCard, DeskEntry, HomeCard, NavigationEntry, Pages, Room, Switch
from mypolis.insurance.guarantees.retention import ENDED
from mypolis.insurance.guarantees.rights import ASSESS_GUARANTEES, GUARANTEES, REVIEW_GUARANTEES


class GuaranteesRoom(Room):
    """Guarantee letters for planned treatment."""

    name = "mypolis.insurance.guarantees"
    label = "guarantees"
    events = "event_kinds.GuaranteeEvent"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    pages = (Pages(place=92),)
    switch = Switch(
        _("Guarantees"),
        _("Guarantees are not available for now. Before planned treatment, please call us."),
        stays_open={"guarantee-check": _("The page on which a clinic checks a letter that was given")},
    )
    api = (Api(), Api(router="provider_api.router"))
    rights = (GUARANTEES, ASSESS_GUARANTEES, REVIEW_GUARANTEES)
    staff_pages = (Pages(place=35, urls="desk.desk_urls"),)
    desk_entries = (DeskEntry(35, "desk-guarantees", _("Guarantees"), "file", ASSESS_GUARANTEES),)
    desk_cards = (DeskCard(35, "guarantees/desk/card.html", "desk.desk_card.guarantees_at_desk", ASSESS_GUARANTEES),)
    commands = (Command("guarantees", "list guarantees, decide about them, revoke letters"),)
    jobs = "jobs"
    retention = (ENDED,)
    navigation = (NavigationEntry(60, "guarantees", _("Guarantees"), "file", seldom=True),)
    home_cards = (HomeCard(21, "guarantees/home.html", "home_card.letters_at_home"),)
    file_owners = ("guarantees.guaranteeletter",)
    extends = {
        "claims.guarantees": ("lifecycle.settling.settle",),
        "claims.letter_holders": ("lifecycle.settling.holder",),
        "desk.person_sections": ("desk.person_section.GUARANTEES",),
    }
