"""One URL for each kind of journey, whatever its step, and one to which other sites send people back."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from mypolis.foundation.journeys import views
from mypolis.foundation.journeys.definitions.vocabulary import vocabulary
from mypolis.foundation.rooms import JourneyKind


def _pages_of(kind: JourneyKind) -> Iterator[URLPattern]:
    address, which = f"<market:market>/{kind.name}/", {"kind": kind.name}
    yield path(address, views.journey, which, name=kind.name)
    if kind.has_ways:
        yield path(f"{address}<slug:way>/", views.journey, which, name=f"{kind.name}-way")


urlpatterns = [
    path("<market:market>/return/", views.come_back, name="journey-return"),
    *(page for kind in vocabulary().journeys for page in _pages_of(kind)),
]
