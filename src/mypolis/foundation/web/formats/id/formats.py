"""Dates as Indonesians write them: 17 Agustus 2026, 14.05.

Short ones have slashes: browsers break a line after the hyphens of 17-08-2026.
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H.i"
DATETIME_FORMAT = "j F Y, H.i"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H.i"
LONG_DATE_FORMAT = "l, j F Y"
