from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "mypolis.foundation.journeys"
    label = "journeys"
