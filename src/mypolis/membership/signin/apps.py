from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "mypolis.membership.signin"
    label = "signin"
