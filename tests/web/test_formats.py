"""Dates and times, formatted for each language."""

from datetime import datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

MOMENT = datetime(2026, 5, 7, 14, 5)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("sr-latn", "07.05.2026.", "07.05.2026. u 14:05"),
        ("sr-cyrl", "07.05.2026.", "07.05.2026. у 14:05"),
        ("id", "7 Mei 2026", "7 Mei 2026, 14.05"),
        ("ru", "7 мая 2026\xa0г.", "7 мая 2026\xa0г., 14:05"),
        ("en", "7 May 2026", "7 May 2026, 14:05"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it(language: str, day: str, moment: str) -> None:
    with translation.override(language):
        assert date_format(MOMENT, "DATE_FORMAT") == day
        assert date_format(MOMENT, "DATETIME_FORMAT") == moment


@pytest.mark.parametrize(
    ("language", "alone"),
    [
        ("sr-latn", "četvrtak, 7. maj 2026."),
        ("sr-cyrl", "четвртак, 7. мај 2026."),
        ("id", "kamis, 7 Mei 2026"),
        ("ru", "четверг, 7 мая 2026\xa0г."),
        ("en", "thursday, 7 May 2026"),
    ],
)
def test_a_date_that_stands_alone_is_in_the_nominative(language: str, alone: str) -> None:
    with translation.override(language):
        written = date_format(MOMENT, "LONG_DATE_FORMAT")
    assert written[0].lower() + written[1:] == alone


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("sr-latn", "07.05.2026.", "07.05.2026. u 14:05"),
        ("id", "07/05/2026", "07/05/2026 14.05"),
        ("ru", "07.05.2026", "07.05.2026 14:05"),
        ("en", "07/05/2026", "07/05/2026, 14:05"),
    ],
)
def test_a_short_date_has_no_hyphen_at_which_a_browser_breaks_the_line(language: str, day: str, moment: str) -> None:
    with translation.override(language):
        assert date_format(MOMENT, "SHORT_DATE_FORMAT") == day
        assert date_format(MOMENT, "SHORT_DATETIME_FORMAT") == moment
