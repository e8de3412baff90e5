from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "mypolis.journeys"
    label = "journeys"
