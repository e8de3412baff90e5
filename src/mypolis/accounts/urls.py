"""Being signed in, and no longer."""

from django.urls import path

from mypolis.accounts import views

urlpatterns = [
    path("language/", views.speak, name="language"),
    path("<slug:market>/e/<str:token>", views.confirm, name="confirm-email"),
    path("<slug:market>/signout/", views.signout, name="signout"),
]
