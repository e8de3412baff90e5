"""The first pages."""

from django.urls import path

from mypolis.service.home import views
from mypolis.service.home.change_password import change_password

urlpatterns = [
    path("", views.chooser, name="chooser"),
    path(".well-known/change-password", change_password, name="change-password"),
    path("<market:market>/", views.landing, name="landing"),
    path("<market:market>/home/", views.home, name="home"),
    path("<market:market>/more/", views.more, name="more"),
]
