"""The portal as a WSGI application, for `mypolis serve` and for servers of one's own."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mypolis.settings")
application = get_wsgi_application()
