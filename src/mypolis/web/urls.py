"""What every page of a market needs."""

from django.urls import path

from mypolis.web import views

urlpatterns = [
    path("<slug:market>/brand.css", views.brand_css, name="brand-css"),
    path("<slug:market>/logo.svg", views.logo, name="logo"),
]
