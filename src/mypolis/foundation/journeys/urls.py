"""Every journey has one address, whatever its step; a personal link has its own."""

from django.urls import path

from mypolis.foundation.journeys import views

urlpatterns = [
    path("<market:market>/i/<str:token>", views.invitation, name="invitation"),
    path("<market:market>/return/", views.come_back, name="journey-return"),
    path("<market:market>/register/", views.journey, {"kind": "register"}, name="register"),
    path("<market:market>/register/<slug:way>/", views.journey, {"kind": "register"}, name="register-way"),
    path("<market:market>/signin/", views.journey, {"kind": "signin"}, name="signin"),
    path("<market:market>/change-email/", views.journey, {"kind": "change-email"}, name="change-email"),
    path("<market:market>/change-mobile/", views.journey, {"kind": "change-mobile"}, name="change-mobile"),
    path(
        "<market:market>/link-authenticator/",
        views.journey,
        {"kind": "link-authenticator"},
        name="link-authenticator",
    ),
    path(
        "<market:market>/unlink-authenticator/",
        views.journey,
        {"kind": "unlink-authenticator"},
        name="unlink-authenticator",
    ),
    path("<market:market>/recover/", views.journey, {"kind": "recover"}, name="recover"),
    path("<market:market>/recover-username/", views.journey, {"kind": "recover-username"}, name="recover-username"),
    path(
        "<market:market>/recover-username/<slug:way>/",
        views.journey,
        {"kind": "recover-username"},
        name="recover-username-way",
    ),
]
