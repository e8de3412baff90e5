"""Being signed in, and no longer."""

from django.urls import path

from mypolis.accounts import views

urlpatterns = [
    path("language/", views.speak, name="language"),
    path("<market:market>/e/<str:token>", views.confirm, name="confirm-email"),
    path("<market:market>/signout/", views.signout, name="signout"),
]
