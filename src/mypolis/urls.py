"""The table of contents, in the order in which a person meets the pages."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from mypolis.api.main import api
from mypolis.consents import views as consents
from mypolis.home import views as home
from mypolis.journeys import views as journeys
from mypolis.web import design, health, metrics
from mypolis.web import views as web

IN_DEMO: list[URLPattern | URLResolver] = []
if settings.MYPOLIS.shows_inbox:
    IN_DEMO = [path("", include("mypolis.demo.urls")), path("design/", design.design, name="design")]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.chooser, name="chooser"),
    path("language/", home.speak, name="language"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/v1/", api.urls),
    *IN_DEMO,
    path("<slug:market>/", home.landing, name="landing"),
    path("<slug:market>/brand.css", web.brand_css, name="brand-css"),
    path("<slug:market>/logo.svg", web.logo, name="logo"),
    path("<slug:market>/legal/<slug:key>/", consents.legal, name="legal"),
    path("<slug:market>/i/<str:token>", journeys.invitation, name="invitation"),
    path("<slug:market>/register/", journeys.journey, {"kind": "register"}, name="register"),
    path("<slug:market>/register/<slug:way>/", journeys.journey, {"kind": "register"}, name="register-way"),
    path("<slug:market>/signin/", journeys.journey, {"kind": "signin"}, name="signin"),
    path("<slug:market>/recover/", journeys.journey, {"kind": "recover"}, name="recover"),
    path("<slug:market>/recover-username/", journeys.journey, {"kind": "recover-username"}, name="recover-username"),
    path(
        "<slug:market>/recover-username/<slug:way>/",
        journeys.journey,
        {"kind": "recover-username"},
        name="recover-username-way",
    ),
    path("<slug:market>/e/<str:token>", home.confirm, name="confirm-email"),
    path("<slug:market>/home/", home.home, name="home"),
    path("<slug:market>/signout/", home.signout, name="signout"),
]

handler400 = web.bad_request
handler404 = web.not_found
handler500 = web.server_error
