"""What a member's devices are called: the browser or app, and the system that it runs on."""

from django.utils.translation import gettext as _

# The first that stands in a user agent's text; the order tells browsers apart that claim to be others, too.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("YaBrowser", "Yandex Browser"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"), ("Mac OS", "Mac"), ("Darwin", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
# Libraries that apps and programs ask with; looked for where no browser is named.
_PROGRAMS = (
    ("okhttp", "Android"), ("CFNetwork", "iPhone"), ("Dalvik", "Android"), ("Dart/", "Flutter"), ("curl/", "curl"),
    ("Wget/", "Wget"), ("python-", "Python"), ("Java/", "Java"), ("Go-http-client", "Go"),
)  # fmt: skip


def name_of_client(user_agent: str) -> str:
    """Such as "Chrome, Android"; of a program that we know the library that it asks with; else that it is unknown.

    Only words of our own: whoever signs in chooses the user agent, and must not write into a member's mail with it.
    """
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    program = "" if browser else _first(_PROGRAMS, user_agent)
    parts = dict.fromkeys(name for name in (browser or program, system) if name)
    return ", ".join(parts) or _("Unknown device")


def _first(marks: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in marks if mark in text), "")
