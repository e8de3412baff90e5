"""What every page of a market needs."""

from django.urls import path

from mypolis.foundation.web import views
from mypolis.foundation.web.assets import install

urlpatterns = [
    path("<market:market>/brand.css", views.brand_css, name="brand-css"),
    path("<market:market>/logo.svg", views.logo, name="logo"),
    path("<market:market>/app.webmanifest", install.manifest, name="manifest"),
    path("<market:market>/icons/<slug:name>.png", install.icon, name="app-icon"),
    path("<market:market>/sw.js", install.service_worker, name="service-worker"),
    path("<market:market>/offline/", install.offline, name="offline"),
]
