"""Numbers of claims: C-2026-000123."""

from datetime import date

from django.db import connection


def next_number(day: date) -> str:
    """The next number, with the year of sending. Numbers are unique in the deployment; gaps are possible."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('claims_number')")
        return f"C-{day.year}-{cursor.fetchone()[0]:06}"
