"""The portal as a WSGI application, for `mypolis serve` and for servers of one's own."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

# What the database keeps waiting ends in a 503 rather than holding a thread. libpq reads this, and `options` in
# DATABASE_URL overrides it. Not in settings.py: lists, key rotation and migrations may take their time.
PATIENCE = "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mypolis.settings")
os.environ.setdefault("PGOPTIONS", PATIENCE)
application = get_wsgi_application()
if settings.MYPOLIS.mode == "test":
    raise ImproperlyConfigured("MYPOLIS_MODE: test is for the test suite alone; nothing is served in it")
