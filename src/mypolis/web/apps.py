from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "mypolis.web"
    label = "web"

    def ready(self) -> None:
        """Logs are set up before the first of them is written, `<market:…>` before the first address is read."""
        from mypolis.web import converters, logs  # noqa: PLC0415 - needs settings

        logs.set_up()
        converters.register()
