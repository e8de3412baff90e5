"""Dates as Serbs write them, in both scripts: 20.11.2026. in sentences, 20. novembar 2026. where a date is on its own.

After "od", "do" or "pre" a sentence would need the month in another grammatical case; digits always fit.
"""

DATE_FORMAT = "d.m.Y."
SHORT_DATE_FORMAT = "d.m.Y."
DATETIME_FORMAT = "d.m.Y. \\u H:i"
SHORT_DATETIME_FORMAT = "d.m.Y. \\u H:i"
MONTH_DAY_FORMAT = "j. E"
LONG_DATE_FORMAT = "l, j. E Y."
