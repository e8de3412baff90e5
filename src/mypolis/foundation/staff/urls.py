"""The pages of the desk, below `/desk/`, in the order of their places. The desk belongs to no market."""

from django.urls import URLPattern, URLResolver, include, path

from mypolis.foundation.rooms import all_rooms

_pages = sorted(((pages, room) for room in all_rooms() for pages in room.staff_pages), key=lambda found: found[0].place)

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include(f"{room.name}.{pages.urls}")) for pages, room in _pages
]
