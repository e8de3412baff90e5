from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "mypolis.roster"
    label = "roster"
