"""The plain views, then the unchanged portal."""

from django.urls import include, path

from benchmarks import views

urlpatterns = [
    path("<slug:market>/plain/<int:key>/", views.plain),
    path("<slug:market>/noting/<int:key>/", views.noting),
    path("", include("mypolis.urls")),
]
