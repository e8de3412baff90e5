"""The table of contents: each room's own pages, in the order in which a person meets them."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe

from mypolis.api.main import api
from mypolis.web import design, health, metrics, security_txt, views

IN_DEMO: list[URLPattern | URLResolver] = []
if settings.MYPOLIS.shows_inbox:
    IN_DEMO = [
        path("", include("mypolis.demo.urls")),
        path("design/", design.design, name="design"),
        path("design/look.css", design.look, name="design-look"),
    ]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path(".well-known/security.txt", security_txt.security_txt, name="security-txt"),
    path("api/v1/openapi.json", require_safe(api.serve_document), name="openapi"),
    path("api/v1/", api.urls),
    path("", include("mypolis.notices.urls")),
    *IN_DEMO,
    path("", include("mypolis.home.urls")),
    path("", include("mypolis.web.urls")),
    path("", include("mypolis.consents.urls")),
    path("", include("mypolis.journeys.urls")),
    path("", include("mypolis.accounts.urls")),
    path("", include("mypolis.coverage.urls")),
    path("", include("mypolis.ecard.urls")),
    path("", include("mypolis.family.urls")),
]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
