"""Names of people's devices: the browser or app, and its operating system."""

from django.utils.translation import gettext as _

# The first match in the user agent counts. The order matters, because some browsers also name others.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("YaBrowser", "Yandex Browser"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"), ("Mac OS", "Mac"), ("Darwin", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
# HTTP libraries of apps and programs; checked when the user agent names no browser.
_PROGRAMS = (
    ("okhttp", "Android"), ("CFNetwork", "iPhone"), ("Dalvik", "Android"), ("Dart/", "Flutter"), ("curl/", "curl"),
    ("Wget/", "Wget"), ("python-", "Python"), ("Java/", "Java"), ("Go-http-client", "Go"),
)  # fmt: skip


def name_of_client(user_agent: str) -> str:
    """A name such as "Chrome, Android"; for a program, its HTTP library if we know it; otherwise "unknown".

    Contains only our own words: the client chooses the user agent, which must never get into a member's mail.
    """
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    program = "" if browser else _first(_PROGRAMS, user_agent)
    parts = dict.fromkeys(name for name in (browser or program, system) if name)
    return ", ".join(parts) or _("Unknown device")


def _first(marks: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in marks if mark in text), "")
