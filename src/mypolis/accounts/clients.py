"""What a member's devices are called: the browser or app, and the system that it runs on."""

from django.utils.translation import gettext as _

# The first that stands in a user agent's text; the order tells browsers apart that claim to be others, too.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("YaBrowser", "Yandex Browser"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def name_of_client(user_agent: str) -> str:
    """Such as "Chrome, Android"; a program that names itself otherwise by its first word; else that it is unknown."""
    parts = [name for marks in (_BROWSERS, _SYSTEMS) if (name := _first(marks, user_agent))]
    return ", ".join(parts) or user_agent.split("/", maxsplit=1)[0].strip()[:40] or _("Unknown device")


def _first(marks: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in marks if mark in text), "")
