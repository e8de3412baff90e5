"""Dates as Serbs write them, in both scripts: 20.11.2026. in sentences, 20. novembar 2026. where a date stands alone.

A sentence would need the month in another case after "od", "do" or "pre"; figures fit all of them.
"""

DATE_FORMAT = "d.m.Y."
SHORT_DATE_FORMAT = "d.m.Y."
DATETIME_FORMAT = "d.m.Y. \\u H:i"
SHORT_DATETIME_FORMAT = "d.m.Y. \\u H:i"
MONTH_DAY_FORMAT = "j. E"
LONG_DATE_FORMAT = "l, j. E Y."
