"""The card about messages on the desk's start page: what waits in each channel, and what did not arrive today."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events.recent import count_since
from mypolis.foundation.notices.event_kinds import NoticeEvent
from mypolis.foundation.notices.models import MOVING, Message

_LOST = (NoticeEvent.MESSAGE_GIVEN_UP, NoticeEvent.MESSAGE_UNDELIVERABLE, NoticeEvent.MESSAGE_IN_DOUBT)
_CHANNELS = {"email": _("Email"), "sms": "SMS"}
_MOST = 10_000
_LATE = timedelta(minutes=10)


def messages_at_desk(_request: HttpRequest, market: str) -> dict[str, Any]:
    """Per channel how many messages wait and since when; how many of the last 24 hours failed or are in doubt.

    From 10,000 messages on, the oldest are counted only.
    """
    now = timezone.now()
    oldest = Message.objects.filter(market=market, state__in=MOVING).order_by("created_at")[:_MOST]
    waiting = {
        row["channel"]: row
        for row in Message.objects.filter(pk__in=oldest.values("pk"))
        .values("channel")
        .annotate(messages=Count("pk"), since=Min("created_at"))
    }
    lost = count_since(_LOST, market=market, since=now - timedelta(hours=24))
    channels = [
        {
            "label": label,
            "messages": waiting[key]["messages"] if key in waiting else 0,
            "since": waiting[key]["since"] if key in waiting else None,
            "is_late": key in waiting and now - waiting[key]["since"] > _LATE,
        }
        for key, label in _CHANNELS.items()
    ]
    failed = lost[NoticeEvent.MESSAGE_GIVEN_UP] + lost[NoticeEvent.MESSAGE_UNDELIVERABLE]
    return {"channels": channels, "failed": failed, "in_doubt": lost[NoticeEvent.MESSAGE_IN_DOUBT]}
