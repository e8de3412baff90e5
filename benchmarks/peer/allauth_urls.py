"""allauth's pages where its quick start puts them."""

from django.urls import include, path

urlpatterns = [path("accounts/", include("allauth.urls"))]
