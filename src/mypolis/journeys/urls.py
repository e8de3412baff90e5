"""Every journey has one address, whatever its step; a personal link has its own."""

from django.urls import path

from mypolis.journeys import views

urlpatterns = [
    path("<slug:market>/i/<str:token>", views.invitation, name="invitation"),
    path("<slug:market>/register/", views.journey, {"kind": "register"}, name="register"),
    path("<slug:market>/register/<slug:way>/", views.journey, {"kind": "register"}, name="register-way"),
    path("<slug:market>/signin/", views.journey, {"kind": "signin"}, name="signin"),
    path("<slug:market>/recover/", views.journey, {"kind": "recover"}, name="recover"),
    path("<slug:market>/recover-username/", views.journey, {"kind": "recover-username"}, name="recover-username"),
    path(
        "<slug:market>/recover-username/<slug:way>/",
        views.journey,
        {"kind": "recover-username"},
        name="recover-username-way",
    ),
]
