"""The URLs of the single API of all rooms, and of its description."""

from django.urls import path
from django.views.decorators.http import require_safe

from mypolis.doors.api.main import api

urlpatterns = [
    path("api/v1/openapi.json", require_safe(api.serve_document), name="openapi"),
    path("api/v1/", api.urls),
]
