"""The portal as a WSGI application, for `mypolis serve` and for servers of one's own."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mypolis.settings")
application = get_wsgi_application()
if settings.MYPOLIS.mode == "test":
    raise ImproperlyConfigured("MYPOLIS_MODE: test is for the test suite alone; nothing is served in it")
