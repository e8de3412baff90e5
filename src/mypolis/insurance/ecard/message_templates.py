"""The messages that this room sends; their texts are in `templates/notices/`."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.notices.catalogue import BOTH, Template

MESSAGES = (Template("card-reissued", {"card_url": "https://portal.example/rs/card/"}, BOTH, title=_("Card replaced")),)
