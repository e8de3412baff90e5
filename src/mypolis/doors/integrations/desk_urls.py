"""The addresses of the desk's pages about partners' programs."""

from django.urls import path

from mypolis.doors.integrations import desk_views

urlpatterns = [
    path("<market:market>/partners/", desk_views.partners, name="desk-partners"),
    path("<market:market>/partners/new/", desk_views.give, name="desk-give-partner-token"),
    path("<market:market>/partners/<int:token>/end/", desk_views.end, name="desk-end-partner-token"),
]
