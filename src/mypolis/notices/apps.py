from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "mypolis.notices"
    label = "notices"
