from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "mypolis.doors.integrations"
    label = "integrations"
