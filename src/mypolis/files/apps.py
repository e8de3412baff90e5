from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "mypolis.files"
    label = "files"
