from django.apps import AppConfig


class EmergenciesConfig(AppConfig):
    name = "mypolis.emergencies"
    label = "emergencies"
