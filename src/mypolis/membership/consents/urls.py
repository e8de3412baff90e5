"""Legal texts."""

from django.urls import path

from mypolis.membership.consents import views

urlpatterns = [path("<market:market>/legal/<slug:key>/", views.legal, name="legal")]
