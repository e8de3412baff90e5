from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    name = "mypolis.membership.registration"
    label = "registration"
