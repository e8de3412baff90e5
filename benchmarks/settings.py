"""The portal's own settings, with the plain views beside its pages that the journeys' pages are measured against."""

from mypolis.settings import *  # noqa: F403
from mypolis.settings import INSTALLED_APPS as PORTAL

INSTALLED_APPS = [*PORTAL, "benchmarks"]
ROOT_URLCONF = "benchmarks.urls"
