from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "mypolis.membership.people"
    label = "people"
