from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "mypolis.demo"
    label = "demo"
