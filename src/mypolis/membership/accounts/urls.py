"""Being signed in, and no longer."""

from django.urls import path

from mypolis.membership.accounts import member_views, views

urlpatterns = [
    path("language/", views.speak, name="language"),
    path("<market:market>/e/<str:token>", views.confirm, name="confirm-email"),
    path("<market:market>/security/", member_views.security, name="security"),
    path("<market:market>/security/password/", member_views.password, name="password"),
    path("<market:market>/signout/", views.signout, name="signout"),
]
