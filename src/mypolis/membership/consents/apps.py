from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "mypolis.membership.consents"
    label = "consents"
