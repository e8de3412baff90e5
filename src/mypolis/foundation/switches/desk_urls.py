"""The addresses of the desk's pages about switches."""

from django.urls import path

from mypolis.foundation.switches import banner_views
from mypolis.foundation.switches import desk_views as views

urlpatterns = [
    path("<market:market>/switches/", views.switches, name="desk-switches"),
    path("<market:market>/switches/<slug:room>/", views.switch, name="desk-switch"),
    path("<market:market>/banners/", banner_views.published, name="desk-banners"),
    path("<market:market>/banners/new/", banner_views.new, name="desk-new-banner"),
    path("<market:market>/banners/<int:banner>/withdraw/", banner_views.withdraw, name="desk-withdraw-banner"),
]
