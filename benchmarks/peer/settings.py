"""The settings of `startproject` that affect a sign-in; PostgreSQL with pooled connections, as in the portal."""

import os

from psycopg.conninfo import conninfo_to_dict

_PARTS = conninfo_to_dict(os.environ["DATABASE_URL"])

SECRET_KEY = "the peer's own, the peer's own, the peer's own, the peer's own"
ALLOWED_HOSTS = ["portal.example"]
ROOT_URLCONF = "benchmarks.peer.urls"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["benchmarks.peer.urls.SameHasher"]
USE_TZ = True
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
_PAGE = {"registration/login.html": "<form method=post>{% csrf_token %}{{ form }}</form>"}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", _PAGE)]},
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _PARTS["dbname"],
        "USER": _PARTS.get("user", ""),
        "PASSWORD": _PARTS.get("password", ""),
        "HOST": _PARTS.get("host", ""),
        "PORT": str(_PARTS.get("port", "") or ""),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
        "CONN_HEALTH_CHECKS": True,
    }
}
