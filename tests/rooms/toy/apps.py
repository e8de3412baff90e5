from datetime import timedelta

from mypolis.foundation.rooms import (
    Api,
    Check,
    Command,
    DeskCard,
    DeskEntry,
    DeskSearch,
    HomeCard,
    JourneyKind,
    Kept,
    NavigationEntry,
    Pages,
    Room,
    Switch,
    Vocabulary,
)
from tests.rooms.toy.rights import COUNT


class ToyRoom(Room):
    """Umbrellas."""

    name = "tests.rooms.toy"
    label = "toy"
    pages = (Pages(place=99),)
    api = (Api(),)
    commands = (Command("umbrellas", "count umbrellas"),)
    jobs = "jobs"
    events = "event_kinds.ToyEvent"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    vocabulary = Vocabulary(
        journeys=(JourneyKind("lend-umbrella", needed=True, has_ways=True),),
        steps=("umbrella",),
        fields=("umbrella_colour",),
        entries={"umbrella_ticket": "The number on the umbrella's stand."},
    )
    rights = (COUNT,)
    staff_pages = (Pages(place=99, urls="desk_urls"),)
    desk_entries = (DeskEntry(60, "desk-umbrellas", "Umbrellas", "shield", COUNT),)
    desk_search = DeskSearch("desk-umbrellas", "colour", "Find an umbrella", COUNT)
    desk_cards = (DeskCard(60, "toy/home.html", "home_card.umbrellas_at_desk", COUNT),)
    switch = Switch("Umbrellas", "Please stay in for now.")
    approvals = ("home_card.LEND",)
    navigation = (NavigationEntry(60, "umbrellas", "Umbrellas", "shield", promise="Dry all day"),)
    home_cards = (HomeCard(99, "toy/home.html", "home_card.umbrellas"),)
    waiting = ("home_card.wet",)
    file_owners = ("toy.umbrella",)
    short_lived = ("home_card.short_lived",)
    retention = (Kept("umbrellas", timedelta(days=7), "toy.dry"),)
    bounces = ("home_card.bounced",)
    checks = (Check("home_card.findings"),)
    metrics = ("home_card.figures",)
    demo_data = ("home_card.fill",)
    extends = {"coverage.policy_sections": ("home_card.SECTION",)}
