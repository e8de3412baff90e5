from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "mypolis.integrations"
    label = "integrations"
