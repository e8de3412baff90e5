from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "mypolis.registration"
    label = "registration"
