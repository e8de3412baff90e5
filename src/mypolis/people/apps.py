from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "mypolis.people"
    label = "people"
