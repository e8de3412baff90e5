from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "mypolis.home"
    label = "home"
