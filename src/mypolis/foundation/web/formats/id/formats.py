"""Dates as Indonesians write them: 17 Agustus 2026, 14.05."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H.i"
DATETIME_FORMAT = "j F Y, H.i"
LONG_DATE_FORMAT = "l, j F Y"
