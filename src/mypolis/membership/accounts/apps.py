from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "mypolis.membership.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Ask to be told of mail that comes back; tell home what waits for members."""
        from mypolis.foundation.notices.bounces import on_bounce  # noqa: PLC0415
        from mypolis.foundation.web.navigation import Room, announce  # noqa: PLC0415
        from mypolis.foundation.web.sections import let_wait  # noqa: PLC0415
        from mypolis.membership.accounts.bounces import mark  # noqa: PLC0415 - models are not ready before
        from mypolis.membership.accounts.home_notices import unconfirmed_email  # noqa: PLC0415

        announce(Room(80, "security", _("Contacts and security"), "lock", seldom=True))
        on_bounce(mark)
        let_wait(unconfirmed_email)
