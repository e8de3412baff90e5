"""What every page of a market needs."""

from django.urls import path

from mypolis.web import views

urlpatterns = [
    path("<market:market>/brand.css", views.brand_css, name="brand-css"),
    path("<market:market>/logo.svg", views.logo, name="logo"),
]
