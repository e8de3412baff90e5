"""The portal as a WSGI application, for `mypolis serve` and other WSGI servers."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

# A query that the database delays must end in a 503 and not block a thread. libpq reads this variable; `options` in
# DATABASE_URL overrides it. It is not in settings.py, because lists, key rotation and migrations may run long.
PATIENCE = "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mypolis.settings")
os.environ.setdefault("PGOPTIONS", PATIENCE)
application = get_wsgi_application()
if settings.MYPOLIS.mode == "test":
    raise ImproperlyConfigured("MYPOLIS_MODE: test is only for the test suite, and serves nothing")
