"""The table of contents: each room's own pages, in the order in which a person meets them."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe

from mypolis.doors.api.main import api
from mypolis.foundation.web import design, security_txt, views
from mypolis.foundation.web.monitoring import health, metrics

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
    path("", include("mypolis.foundation.notices.urls")),
    *IN_DEMO,
    path("", include("mypolis.service.home.urls")),
    path("", include("mypolis.foundation.web.urls")),
    path("", include("mypolis.membership.consents.urls")),
    path("", include("mypolis.foundation.journeys.urls")),
    path("", include("mypolis.membership.accounts.urls")),
    path("", include("mypolis.insurance.coverage.urls")),
    path("", include("mypolis.insurance.ecard.urls")),
    path("", include("mypolis.membership.family.urls")),
]

handler400 = views.bad_request
handler404 = views.not_found
handler500 = views.server_error
