"""The addresses of the desk's pages about people, in the order in which staff meet them."""

from django.urls import path

from mypolis.offices.desk import desk_views
from mypolis.offices.desk.person import desk_views as person_views

urlpatterns = [
    path("<market:market>/people/", desk_views.people, name="desk-people"),
    path("<market:market>/search/", desk_views.search, name="desk-search"),
    path("<market:market>/people/<int:person>/", person_views.person, name="desk-person"),
    path("<market:market>/people/<int:person>/account/", person_views.account, name="desk-person-account"),
    path("<market:market>/people/<int:person>/history/", person_views.history, name="desk-person-history"),
]
