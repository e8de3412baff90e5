from django.apps import AppConfig


class GuardsConfig(AppConfig):
    name = "mypolis.guards"
    label = "guards"
