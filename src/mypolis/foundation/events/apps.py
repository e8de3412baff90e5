from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "mypolis.foundation.events"
    label = "events"
