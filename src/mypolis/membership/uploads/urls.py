"""Uploads from pages."""

from django.urls import path

from mypolis.membership.uploads import views

urlpatterns = [
    path("<market:market>/uploads/", views.uploads, name="uploads"),
    path("<market:market>/uploads/<uuid:upload>/", views.upload, name="upload"),
]
