"""The messages that this room sends; their texts are in `templates/notices/`."""

from mypolis.foundation.notices.catalogue import BOTH, Template

MESSAGES = (Template("card-reissued", {"card_url": "https://portal.example/rs/card/"}, BOTH),)
