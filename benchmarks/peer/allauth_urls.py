"""allauth's pages, at the URLs of its quick start."""

from django.urls import include, path

urlpatterns = [path("accounts/", include("allauth.urls"))]
