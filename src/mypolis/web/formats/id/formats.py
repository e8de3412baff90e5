"""Dates as Indonesians write them: 17 Agustus 2026."""

DATE_FORMAT = "j F Y"
