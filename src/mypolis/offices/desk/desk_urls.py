"""The addresses of the desk's pages about people, in the order in which staff meet them."""

from django.urls import path

from mypolis.offices.desk import desk_views
from mypolis.offices.desk.helping import desk_views as helping_views
from mypolis.offices.desk.person import desk_views as person_views

_ONE = "<market:market>/people/<int:person>/"

urlpatterns = [
    path("<market:market>/people/", desk_views.people, name="desk-people"),
    path("<market:market>/search/", desk_views.search, name="desk-search"),
    path(_ONE, person_views.person, name="desk-person"),
    path(f"{_ONE}account/", person_views.account, name="desk-person-account"),
    path(f"{_ONE}limits/", helping_views.limits, name="desk-person-limits"),
    path(f"{_ONE}history/", person_views.history, name="desk-person-history"),
    path(f"{_ONE}invitation/", helping_views.resend_invitation, name="desk-resend-invitation"),
    path(f"{_ONE}contact/", helping_views.correct_contact, name="desk-correct-contact"),
    path(f"{_ONE}username/", helping_views.new_username, name="desk-new-username"),
    path(f"{_ONE}sessions/", helping_views.end_sessions, name="desk-end-member-sessions"),
    path(f"{_ONE}lock/", helping_views.lock, name="desk-lock-account"),
    path(f"{_ONE}unlock/", helping_views.unlock, name="desk-unlock-account"),
    path(f"{_ONE}limits/lift/", helping_views.lift_limits, name="desk-lift-limits"),
]
