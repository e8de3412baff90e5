"""The base class of every room's `AppConfig`."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured

from mypolis.foundation.rooms.declared import (
    Api,
    Check,
    Command,
    DeskCard,
    DeskEntry,
    DeskSearch,
    HomeCard,
    Kept,
    NavigationEntry,
    Pages,
    Right,
    Switch,
    Vocabulary,
)


class Room(AppConfig):
    """A room and what it brings. A subclass sets only what it has. Strings are references (see `declared`)."""

    default = False

    # Entry points
    pages: ClassVar[tuple[Pages, ...]] = ()
    staff_pages: ClassVar[tuple[Pages, ...]] = ()
    api: ClassVar[tuple[Api, ...]] = ()
    commands: ClassVar[tuple[Command, ...]] = ()
    jobs: ClassVar[str] = ""  # module of jobs for the worker

    # Events, limits, texts and rights
    events: ClassVar[str] = ""  # subclass of `events.kinds.Kind`
    limits: ClassVar[str] = ""  # module with `guards.limits.Limit`s
    messages: ClassVar[str] = ""  # tuple of `notices.catalogue.Template`
    vocabulary: ClassVar[Vocabulary] = Vocabulary()  # names for journeys
    rights: ClassVar[tuple[Right, ...]] = ()

    # What members see elsewhere
    navigation: ClassVar[tuple[NavigationEntry, ...]] = ()
    home_cards: ClassVar[tuple[HomeCard, ...]] = ()
    waiting: ClassVar[tuple[str, ...]] = ()  # functions (request) -> iterable of `web.sections.Waiting`

    # What staff see at the desk, and can switch
    switch: ClassVar[Switch | None] = None  # members' pages and API can be off for a time
    desk_entries: ClassVar[tuple[DeskEntry, ...]] = ()
    desk_search: ClassVar[DeskSearch | None] = None  # in the header of every page
    desk_cards: ClassVar[tuple[DeskCard, ...]] = ()

    approvals: ClassVar[tuple[str, ...]] = ()  # `staff.approvals.kinds.ApprovalKind`s: changes that need two people

    # Data protection
    file_owners: ClassVar[tuple[str, ...]] = ()  # models, as "people.policy", whose rows own files of this room
    short_lived: ClassVar[tuple[str, ...]] = ()  # functions (now) -> [(name, rows)]: digests we cannot recompute
    retention: ClassVar[tuple[Kept, ...]] = ()
    bounces: ClassVar[tuple[str, ...]] = ()  # functions (bounce, by), called for mail that came back

    # Operation
    checks: ClassVar[tuple[Check, ...]] = ()
    metrics: ClassVar[tuple[str, ...]] = ()  # functions () -> iterable of Prometheus metrics
    demo_data: ClassVar[tuple[str, ...]] = ()  # functions (profile), called after the sample people exist

    # What this room adds to other rooms: extension point, such as "coverage.policy_sections" -> references
    extends: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True  # Django uses the class in `apps.py` that has `default = True`

    def ready(self) -> None:
        """Import the room's jobs, so that they are registered with the worker."""
        if self.jobs:
            self.load(self.jobs)

    def load(self, reference: str) -> Any:
        """Load a reference: a module of the room, or an attribute of one. Raises ImproperlyConfigured."""
        try:
            return load(self.name, reference)
        except ImportError as error:
            raise ImproperlyConfigured(f"{self.name}: apps.py names {reference!r}: {error}") from error


def load(package: str, reference: str) -> Any:
    """Return the module `package.reference`, or, if its last part names an attribute, that attribute."""
    module, _dot, name = reference.rpartition(".")
    if module:
        found = import_module(f"{package}.{module}")
        if hasattr(found, name):
            return getattr(found, name)
    return import_module(f"{package}.{reference}")
