"""The first pages."""

from django.urls import path

from mypolis.home import views

urlpatterns = [
    path("", views.chooser, name="chooser"),
    path("<slug:market>/", views.landing, name="landing"),
    path("<slug:market>/home/", views.home, name="home"),
]
