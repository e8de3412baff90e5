from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "mypolis.foundation.files"
    label = "files"
