"""Dates as Russians write them: 20 ноября 2026 г., 14:05."""

DATETIME_FORMAT = "j E Y г., H:i"
LONG_DATE_FORMAT = "l, j E Y г."
