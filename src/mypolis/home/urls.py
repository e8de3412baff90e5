"""The first pages."""

from django.urls import path

from mypolis.home import views

urlpatterns = [
    path("", views.chooser, name="chooser"),
    path("<market:market>/", views.landing, name="landing"),
    path("<market:market>/home/", views.home, name="home"),
    path("<market:market>/more/", views.more, name="more"),
]
