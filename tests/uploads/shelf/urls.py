"""The shelf's page."""

from django.urls import path

from tests.uploads.shelf import views

urlpatterns = [
    path("<market:market>/shelf/", views.shelf, name="shelf"),
    path("<market:market>/shelf/list/", views.listed, name="shelf-list"),
]
