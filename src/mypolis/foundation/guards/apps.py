from django.apps import AppConfig


class GuardsConfig(AppConfig):
    name = "mypolis.foundation.guards"
    label = "guards"
