"""URLs for operators of the portal. The design page exists only in demo and tests."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from mypolis.foundation.web import design, security_txt
from mypolis.foundation.web.monitoring import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path(".well-known/security.txt", security_txt.security_txt, name="security-txt"),
]
if settings.MYPOLIS.shows_inbox:
    urlpatterns += [
        path("design/", design.design, name="design"),
        path("design/look.css", design.look, name="design-look"),
    ]
