from django.urls import path

from tests.rooms.toy import desk_views

urlpatterns = [path("<market:market>/umbrellas/", desk_views.umbrellas, name="desk-umbrellas")]
