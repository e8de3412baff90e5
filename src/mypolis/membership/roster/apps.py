from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "mypolis.membership.roster"
    label = "roster"

    def ready(self) -> None:
        """Ask to be told of mail that comes back."""
        from mypolis.foundation.notices.bounces import on_bounce  # noqa: PLC0415 - models are not ready before
        from mypolis.membership.roster.bounces import mark  # noqa: PLC0415

        on_bounce(mark)
