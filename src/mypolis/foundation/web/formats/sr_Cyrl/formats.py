"""Date formats in Serbian Cyrillic that differ from `sr`: the word between day and time."""

DATETIME_FORMAT = "d.m.Y. \\у H:i"
SHORT_DATETIME_FORMAT = "d.m.Y. \\у H:i"
