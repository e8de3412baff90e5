"""The portal's addresses, and the one of the toy journey."""

from django.urls import path

from mypolis.foundation.journeys import views
from mypolis.urls import handler400, handler404, handler500
from mypolis.urls import urlpatterns as portal

__all__ = ["handler400", "handler404", "handler500"]
urlpatterns = [path("<market:market>/toy/", views.journey, {"kind": "toy"}, name="toy"), *portal]
