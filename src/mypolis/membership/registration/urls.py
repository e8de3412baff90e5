"""The pages of registration that are not the engine's."""

from django.urls import path

from mypolis.membership.registration import views

urlpatterns = [path("<market:market>/i/<str:token>", views.invitation, name="invitation")]
