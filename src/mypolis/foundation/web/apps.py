from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "mypolis.foundation.web"
    label = "web"

    def ready(self) -> None:
        """Logs are set up before the first of them is written, `<market:…>` before the first address is read."""
        from mypolis.foundation.web import converters  # noqa: PLC0415 - needs settings
        from mypolis.foundation.web.monitoring import logs  # noqa: PLC0415 - needs settings

        logs.set_up()
        converters.register()
