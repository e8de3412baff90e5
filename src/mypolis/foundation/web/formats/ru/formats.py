"""Dates as Russians write them: 20 ноября 2026 г., 14:05. The year keeps its "г." on the line."""

DATE_FORMAT = "j E Y\xa0г."
DATETIME_FORMAT = "j E Y\xa0г., H:i"
YEAR_MONTH_FORMAT = "F Y\xa0г."
LONG_DATE_FORMAT = "l, j E Y\xa0г."
