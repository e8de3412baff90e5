from django.urls import path

from tests.rooms.toy import views

urlpatterns = [path("<market:market>/umbrellas/", views.umbrellas, name="umbrellas")]
