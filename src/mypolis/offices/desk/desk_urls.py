"""The addresses of the desk's pages about people, in the order in which staff meet them."""

from django.urls import path

from mypolis.offices.desk import desk_views as views

urlpatterns = [
    path("<market:market>/people/", views.people, name="desk-people"),
    path("<market:market>/search/", views.search, name="desk-search"),
]
