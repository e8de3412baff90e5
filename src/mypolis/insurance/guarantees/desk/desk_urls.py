"""The addresses of the desk's pages about guarantees."""

from django.urls import path

from mypolis.insurance.guarantees.desk import act_views, desk_views, list_acts
from mypolis.insurance.guarantees.lifecycle.states import State

_ONE = "<market:market>/guarantees/<uuid:guarantee>/"

urlpatterns = [
    path("<market:market>/guarantees/", desk_views.guarantees, name="desk-guarantees"),
    path("<market:market>/guarantees/put-back/", list_acts.put_back_many, name="desk-guarantees-put-back"),
    path(_ONE, desk_views.guarantee, name="desk-guarantee"),
    path(f"{_ONE}letters/<int:letter>.pdf", desk_views.letter, name="desk-guarantee-letter"),
    path(f"{_ONE}take/", act_views.take, name="desk-take-guarantee"),
    path(f"{_ONE}put-back/", act_views.put_back, name="desk-put-back-guarantee"),
    path(f"{_ONE}give/", act_views.promise, {"to": State.GIVEN}, name="desk-give-guarantee"),
    path(f"{_ONE}extend/", act_views.promise, {"to": State.EXTENDED}, name="desk-extend-guarantee"),
    path(f"{_ONE}final/", act_views.promise, {"to": State.FINAL}, name="desk-final-guarantee"),
    path(f"{_ONE}refuse/", act_views.end, {"to": State.REFUSED}, name="desk-refuse-guarantee"),
    path(f"{_ONE}revoke/", act_views.end, {"to": State.REVOKED}, name="desk-revoke-guarantee"),
    path(f"{_ONE}confirm/", act_views.confirm, name="desk-confirm-guarantee"),
    path(f"{_ONE}send-back/", act_views.send_back, name="desk-send-back-guarantee"),
]
