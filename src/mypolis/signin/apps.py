from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "mypolis.signin"
    label = "signin"
