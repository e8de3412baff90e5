from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "mypolis.foundation.notices"
    label = "notices"
