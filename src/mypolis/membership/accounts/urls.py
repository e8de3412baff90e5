"""Pages of a signed-in member, and sign-out."""

from django.urls import path

from mypolis.membership.accounts import views
from mypolis.membership.accounts.security import views as security_views

urlpatterns = [
    path("language/", views.change_language, name="language"),
    path("<market:market>/e/<str:token>", views.confirm, name="confirm-email"),
    path("<market:market>/security/", security_views.security, name="security"),
    path("<market:market>/security/password/", security_views.password, name="password"),
    path("<market:market>/signout/", views.signout, name="signout"),
]
