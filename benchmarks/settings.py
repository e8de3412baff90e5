"""The portal's settings, plus the plain views that the portal's pages are compared with."""

from mypolis.settings import *  # noqa: F403
from mypolis.settings import INSTALLED_APPS as PORTAL

INSTALLED_APPS = [*PORTAL, "benchmarks"]
ROOT_URLCONF = "benchmarks.urls"
