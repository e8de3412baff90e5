"""The table of contents: the pages of every room, in the order in which a person meets them."""

from django.urls import URLPattern, URLResolver, include, path

from mypolis.foundation.rooms import all_rooms
from mypolis.foundation.web import views

_pages = sorted(((pages, room) for room in all_rooms() for pages in room.pages), key=lambda found: found[0].place)

urlpatterns: list[URLPattern | URLResolver] = [path("", include(f"{room.name}.{pages.urls}")) for pages, room in _pages]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
