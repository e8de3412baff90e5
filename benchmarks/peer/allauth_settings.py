"""The same project with django-allauth, as its quick start says, with its own sign-in page and limits."""

from typing import Any

from benchmarks.peer.settings import *  # noqa: F403
from benchmarks.peer.settings import INSTALLED_APPS as PLAIN
from benchmarks.peer.settings import MIDDLEWARE as PLAIN_MIDDLEWARE

ROOT_URLCONF = "benchmarks.peer.allauth_urls"
INSTALLED_APPS = [*PLAIN, "django.contrib.messages", "allauth", "allauth.account"]
MIDDLEWARE = [
    *PLAIN_MIDDLEWARE,
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
TEMPLATES: list[dict[str, Any]] = [  # type: ignore[no-redef]
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
# All requests come from one machine: limits are counted as usual, but never reached.
ACCOUNT_RATE_LIMITS = {"login": "1000000/m/ip", "login_failed": "1000000/m/ip"}
