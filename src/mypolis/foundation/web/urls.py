"""URLs that every page of a market needs."""

from django.urls import path

from mypolis.foundation.web import views
from mypolis.foundation.web.assets import installable_app

urlpatterns = [
    path("<market:market>/brand.css", views.brand_css, name="brand-css"),
    path("<market:market>/logo.svg", views.logo, name="logo"),
    path("<market:market>/app.webmanifest", installable_app.manifest, name="manifest"),
    path("<market:market>/icons/<slug:name>.png", installable_app.icon, name="app-icon"),
    path("<market:market>/sw.js", installable_app.service_worker, name="service-worker"),
    path("<market:market>/offline/", installable_app.offline, name="offline"),
]
