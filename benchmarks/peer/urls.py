"""The only page, and Django's password hasher with the portal's cost."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.views import LoginView
from django.urls import path


class SameHasher(Argon2PasswordHasher):
    """19 MiB, 2 passes, 1 lane."""

    memory_cost = 19_456
    time_cost = 2
    parallelism = 1


urlpatterns = [path("login/", LoginView.as_view())]
