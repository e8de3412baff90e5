"""Dates as Serbs write them, in both scripts: 20. novembra 2026. The months are in web/formats/months.py."""

DATE_FORMAT = "j. E Y."
DATETIME_FORMAT = "j. E Y. H:i"
MONTH_DAY_FORMAT = "j. E"
