from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "mypolis.events"
    label = "events"
