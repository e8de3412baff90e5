"""All settings, read once from the environment. An invalid one stops the start with its name and the expected value.

`Config` holds the typed settings (prefix `MYPOLIS_`, plus `DATABASE_URL`); the rest of this module is Django's.
`docs/reference/settings.md` lists the fields of `Config`; a test compares the two.
"""

import re
import secrets
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host
from django.utils.csp import CSP
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from mypolis.installed import installed_rooms

PACKAGE = Path(__file__).resolve().parent

_SHORTEST_SECRET = 50
_FEWEST_DIFFERENT = 10  # different characters in a secret key; a generated one has at least 16
_SHORTEST_TOKEN = 20
_SHORTEST_OF_PARTNERS = 16  # for tokens from partners; shorter ones were truncated or invented
_COMMA = re.compile(r",\s*(?=[a-z][a-z0-9+.-]*://)", re.IGNORECASE)  # no split inside a query or a password
_IN_CLEAR = frozenset({"http", "kannel", "smpp", "smtp", "tcp"})
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_LEAST_HASH_MEMORY_KIB = 7_168  # OWASP's minimum memory and work for Argon2id with one lane
_LEAST_HASH_WORK_KIB = 19_456 * 2

# Detect a database that hangs, even if the network drops packets silently. Unix sockets ignore all but the first.
_NOTICED = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
# Without `reconnect_timeout`, a pool retries less and less often, and recovers minutes after the database.
_POOL = {"min_size": 1, "timeout": 5, "reconnect_timeout": 5}

Comma = Annotated[tuple[str, ...], NoDecode]


class Config(BaseSettings):
    """The settings of one deployment. The environment variables are the field names with the prefix `MYPOLIS_`."""

    model_config = SettingsConfigDict(env_prefix="MYPOLIS_", frozen=True, extra="ignore")

    mode: Literal["production", "demo", "test"] = Field(
        "production", description="What this process is for; `demo` and `test` open the inbox and `/design/`."
    )
    markets: Comma = Field(
        ("rs", "id", "ru"), description="Markets served: built-in codes or dotted names of market packages."
    )
    rooms: Comma = Field((), description="Further rooms of the deployer: dotted names of packages with a `Room`.")
    home: Path = Field(Path(".mypolis"), description="Folder for data that is not in the database.")
    database_url: str | None = Field(
        None, validation_alias="DATABASE_URL", description="URL of the PostgreSQL to use; default: the embedded one."
    )
    database_pool: int = Field(8, ge=0, le=100, description="Database connections kept open per process; 0 for none.")
    secret_key: str | None = Field(None, description="Signs cookies and forms; at least 50 random characters.")
    keys_file: Path | None = Field(None, description="Key ring for field encryption, made by `mypolis keys create`.")
    brand_dir: Path | None = Field(None, description="The deployer's folder: names, colours, contacts, legal texts.")
    allowed_hosts: Comma = Field((), description="Host names of the portal.")
    public_url: str = Field("http://localhost:8000", description="Start of links in messages.")
    desk_url: str | None = Field(None, description="Start of the desk's links, if the desk has a host of its own.")
    desk_networks: Comma = Field(
        (), description="Networks from which the desk can be used, such as 10.1.0.0/16; without them, from everywhere."
    )
    trusted_proxies: int = Field(0, ge=0, le=5, description="Proxies in front that set X-Forwarded-For.")
    smtp_url: str = Field(
        "smtp://localhost:25", description="Mail server: smtps:// or smtp+starttls://user:password@host:port."
    )
    sms_url: str | None = Field(
        None, description="SMS gateways, the preferred one first, with commas; without them no SMS is sent."
    )
    sms_token: str | None = Field(None, description="Bearer token for the first http[s] gateway among them.")
    receipts_token: str | None = Field(None, description="Secret of SMS gateways that report to `/hooks/sms/`.")
    bounces_token: str | None = Field(None, description="Secret of services that report bounces to `/hooks/mail/`.")
    limit_factor: float = Field(1, gt=0, description="Multiplies the limits per address, for load tests.")
    sms_codes_per_day: int = Field(10, ge=1, description="SMS codes per number and day, for each budget.")
    email_codes_per_day: int = Field(20, ge=1, description="E-mail codes per address and day, for each budget.")
    recaptcha_site_key: str | None = Field(None, description="Public key of reCAPTCHA v3, for markets that use it.")
    recaptcha_secret_key: str | None = Field(None, description="Secret key of reCAPTCHA.")
    recaptcha_script_url: str = Field(
        "https://www.google.com/recaptcha/api.js", description="URL of reCAPTCHA's script."
    )
    recaptcha_verify_url: str = Field(
        "https://www.google.com/recaptcha/api/siteverify",
        description="URL at which the server verifies reCAPTCHA's tokens.",
    )
    recaptcha_least_score: float = Field(0.5, ge=0, le=1, description="Lowest score that counts as a person.")
    scanner_url: str | None = Field(
        None,
        description="Virus scanner for uploads: unix:///path or tcp://host:port of a clamd; "
        "standin:// in the demo only.",
    )
    claims_undo_seconds: int = Field(
        60, ge=0, le=600, description="Seconds in which an assessor can take a decision back; 0 for none."
    )
    metrics_token: str | None = Field(
        None, description="Bearer token for `/metrics`; without it the page is not found."
    )
    web_workers: int = Field(2, ge=1, le=64, description="Web processes that `mypolis serve` starts.")
    web_threads: int = Field(4, ge=1, le=64, description="Threads in each web process.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Lowest level that is logged.")
    breached_passwords: Path | None = Field(
        None, description="File of SHA-1 hashes of leaked passwords, sorted; these passwords are refused."
    )
    argon2_memory_kib: int = Field(19_456, ge=8, description="Memory of one password hash.")
    argon2_passes: int = Field(2, ge=1, description="Passes of one password hash.")

    @field_validator("markets", "rooms", "allowed_hosts", "desk_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("desk_networks")
    @classmethod
    def _are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            ip_network(network)  # says what is wrong; else each page of the desk would fail
        return networks

    @model_validator(mode="after")
    def _production_is_complete(self) -> Self:
        if self.mode != "production":
            return self
        missing = [
            name for name in ("secret_key", "keys_file", "brand_dir", "allowed_hosts") if not getattr(self, name)
        ]
        if missing:
            names = ", ".join(f"MYPOLIS_{name.upper()}" for name in missing)
            raise ValueError(
                f"production needs {names}; to try the portal, run `mypolis demo`, which needs no settings"
            )
        if weak := list(_weaknesses(self)):
            raise ValueError("; ".join(weak))
        return self

    @property
    def sms_addresses(self) -> tuple[str, ...]:
        """The addresses in `sms_url`, the preferred one first."""
        return tuple(filter(None, (part.strip() for part in _COMMA.split(self.sms_url or ""))))

    @property
    def shows_inbox(self) -> bool:
        """Whether sample people, their messages and the design page are accessible."""
        return self.mode in ("demo", "test")


def _weaknesses(config: Config) -> Iterator[str]:
    """Settings that would be insecure in production, by name."""
    key = config.secret_key or ""
    if len(key) < _SHORTEST_SECRET:
        yield f"MYPOLIS_SECRET_KEY must have at least {_SHORTEST_SECRET} characters"
    elif not _looks_random(key):
        yield "MYPOLIS_SECRET_KEY must be random, not repeated characters or words"
    yield from _weak_tokens(config)
    yield from _sent_in_clear(config)
    if "*" in config.allowed_hosts:
        yield "MYPOLIS_ALLOWED_HOSTS must name the portal's hosts in production, not *"
    if not config.public_url.startswith("https://"):
        yield "MYPOLIS_PUBLIC_URL must begin with https:// in production"
    if config.desk_url is not None:
        if not config.desk_url.startswith("https://"):
            yield "MYPOLIS_DESK_URL must begin with https:// in production"
        if not validate_host(urlsplit(config.desk_url).hostname or "", list(config.allowed_hosts)):
            yield "MYPOLIS_ALLOWED_HOSTS must name the host of MYPOLIS_DESK_URL"
    memory, passes = config.argon2_memory_kib, config.argon2_passes
    if memory < _LEAST_HASH_MEMORY_KIB or memory * passes < _LEAST_HASH_WORK_KIB:
        yield (
            f"MYPOLIS_ARGON2_MEMORY_KIB must be at least {_LEAST_HASH_MEMORY_KIB} in production, and that times "
            f"MYPOLIS_ARGON2_PASSES at least {_LEAST_HASH_WORK_KIB} (19456 and 2 do)"
        )


def _weak_tokens(config: Config) -> Iterator[str]:
    """Tokens that are easy to guess; unset tokens give no access, so they are fine."""
    shortest = dict.fromkeys(("metrics_token", "receipts_token", "bounces_token"), _SHORTEST_TOKEN)
    shortest |= dict.fromkeys(("sms_token", "recaptcha_secret_key"), _SHORTEST_OF_PARTNERS)
    for name, least in shortest.items():
        token = getattr(config, name)
        if token is not None and (len(token) < least or not _looks_random(token)):
            yield f"MYPOLIS_{name.upper()} must be random and have at least {least} characters in production"


def _sent_in_clear(config: Config) -> Iterator[str]:
    """Outgoing connections that would send codes, passwords and papers unencrypted to other machines."""
    ways = [("SMTP_URL", config.smtp_url, "smtps:// or smtp+starttls://")]
    ways += [("SMS_URL", address, "https://, kannels:// or smpps://") for address in config.sms_addresses]
    ways += [("SCANNER_URL", config.scanner_url, "unix://")] if config.scanner_url else []
    for name, address, instead in ways:
        try:
            url = urlsplit(address)
            in_clear = url.scheme in _IN_CLEAR and url.hostname not in _THIS_MACHINE
        except ValueError:
            continue  # no address at all: `mypolis check` reports it
        if in_clear:
            yield (
                f"MYPOLIS_{name}: {url.scheme}:// is not encrypted; in production use {instead}. "
                f"Without encryption only a relay on this machine may be named (localhost)"
            )


def _looks_random(secret: str) -> bool:
    return len(set(secret)) >= _FEWEST_DIFFERENT and not _repeats(secret)


def _repeats(text: str) -> bool:
    """Whether a text repeats one piece; the last repetition may be incomplete."""
    return any(text[size:] == text[:-size] for size in range(1, len(text) // 2 + 1))


def _read() -> Config:
    try:
        return Config()
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            field = ".".join(str(part) for part in problem["loc"])
            name = "" if not field else field if field == "DATABASE_URL" else f"MYPOLIS_{field.upper()}: "
            lines.append(f"{name}{problem['msg'].removeprefix('Value error, ')}")
        raise ImproperlyConfigured("; ".join(lines)) from None


def _database(url: str | None) -> dict[str, object]:
    """Django's settings for the database at `url`; a local placeholder until the embedded database has started."""
    parts = conninfo_to_dict(url or "postgresql://mypolis@/mypolis")
    known = {"dbname", "user", "password", "host", "port"}
    options: dict[str, object] = {**_NOTICED, **{key: value for key, value in parts.items() if key not in known}}
    if MYPOLIS.database_pool:
        options["pool"] = {**_POOL, "max_size": MYPOLIS.database_pool}
    return {
        "ENGINE": "mypolis.foundation.lib.postgres.patient_postgres",
        "NAME": parts.get("dbname", "mypolis"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "") or ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
    }


MYPOLIS = _read()

SECRET_KEY = MYPOLIS.secret_key or secrets.token_urlsafe(48)
DEBUG = False
ALLOWED_HOSTS = list(MYPOLIS.allowed_hosts) or ["localhost", "127.0.0.1", "[::1]", "testserver"]
DATABASES = {"default": _database(MYPOLIS.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "-"  # rooms declare their jobs and import them
ROOT_URLCONF = "mypolis.urls"
WSGI_APPLICATION = "mypolis.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "django.forms",
    "procrastinate.contrib.django",
    *installed_rooms(),
    *(["mypolis.demo"] if MYPOLIS.shows_inbox else []),
]

MIDDLEWARE = [
    "mypolis.foundation.web.middleware.HeadHasNoBody",
    "mypolis.foundation.web.compression.FirstVisitIsCompressed",
    "mypolis.foundation.web.monitoring.request_log.RequestLog",
    "mypolis.foundation.web.middleware.BrowserGuards",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mypolis.foundation.web.middleware.MarketAndLanguage",
    "mypolis.foundation.web.middleware.NoNullCharacters",
    "mypolis.foundation.guards.middleware.RefusalsAreCounted",
    "mypolis.foundation.web.middleware.KnownHost",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mypolis.membership.accounts.sessions.middleware.SignedIn",
    "mypolis.foundation.staff.entrance.middleware.AtTheDesk",
    "mypolis.foundation.switches.middleware.RoomsThatAreOff",
    "mypolis.foundation.web.middleware.WrongMethodHasWords",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "mypolis.foundation.web.context.page",
                "mypolis.foundation.staff.context.desk",
                "mypolis.foundation.switches.banners.banners",
            ],
            "builtins": ["mypolis.foundation.web.templatetags.components"],
        },
    }
]
FORM_RENDERER = "mypolis.foundation.web.form_fields.fields.Renderer"

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["service-worker"],  # created in web/scripts/app.js, only for the service worker's URL
}
_UNUSED = "accelerometer autoplay camera display-capture geolocation gyroscope magnetometer microphone midi payment usb"
_OURS_ALONE = "publickey-credentials-create publickey-credentials-get"  # passkeys: no frame of another site
PERMISSIONS_POLICY = ", ".join(
    [f"{feature}=()" for feature in _UNUSED.split()] + [f"{feature}=(self)" for feature in _OURS_ALONE.split()]
)
_TLS = MYPOLIS.public_url.startswith("https://")
SECURE_REFERRER_POLICY = "same-origin"  # with no-referrer, browsers send "Origin: null" with our own forms
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if MYPOLIS.trusted_proxies else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_NAME = "__Host-csrf" if _TLS else "csrf"
CSRF_COOKIE_SECURE = _TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mypolis.foundation.web.views.no_cookies"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
FILE_UPLOAD_HANDLERS = ["mypolis.foundation.web.refused_uploads.NoFiles"]
APPEND_SLASH = True

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("sr-latn", "Srpski"),
    ("sr-cyrl", "Српски"),
    ("id", "Bahasa Indonesia"),
    ("ru", "Русский"),
    ("en", "English"),
]
LOCALE_PATHS = [PACKAGE / "locale"]
INVENTED_BRANDS = PACKAGE / "demo" / "brands"  # for demo and tests; production must set MYPOLIS_BRAND_DIR
FORMAT_MODULE_PATH = ["mypolis.foundation.web.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = MYPOLIS.home / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "mypolis.foundation.web.assets.bundles.Finder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "files": {
        "BACKEND": "mypolis.foundation.files.storage.FolderStorage",
        "OPTIONS": {
            "location": MYPOLIS.home / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if MYPOLIS.mode != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}
WHITENOISE_USE_FINDERS = MYPOLIS.mode == "test"

LOGGING_CONFIG = None  # mypolis.foundation.web.monitoring.logs configures structlog
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
