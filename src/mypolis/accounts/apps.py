from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mypolis.accounts"
    label = "accounts"
