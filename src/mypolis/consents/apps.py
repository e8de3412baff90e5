from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "mypolis.consents"
    label = "consents"
