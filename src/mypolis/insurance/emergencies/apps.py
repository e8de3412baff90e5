from django.apps import AppConfig


class EmergenciesConfig(AppConfig):
    name = "mypolis.insurance.emergencies"
    label = "emergencies"
