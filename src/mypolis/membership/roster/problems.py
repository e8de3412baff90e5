"""The problems of lists: every code with its message. Neither ever contains a value from the list."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Promise] = {
    # The file as a whole
    "missing_column": _("A column that is needed here is not in the list."),
    "doubled_column": _("Two columns of the list mean the same."),
    "unclear_column": _("A column’s title is similar to a known one. Use the exact title, or remove the column."),
    "bad_employer": _("The employer’s key is longer than 64 characters, or has characters that cannot be stored."),
    "bad_policy": _("This is not a policy number. Give it as printed on the policy, with at most 64 characters."),
    # A column
    "unknown_column": _("This column is not known here and was left out."),
    "not_kept": _("This market does not store this column; it was left out."),
    # A row
    "too_many_cells": _("The row has more cells than the list has columns."),
    "broken_quotes": _("A quotation mark in this row is opened and not closed."),
    "duplicate": _("An earlier row has the same person on the same policy."),
    "id_twice": _("Two rows of this list have this id and differ, so both were refused."),
    "participant_taken": _("On this policy the participant number belongs to somebody else."),
    "national_id_taken": _("The national number belongs to a person with another name and birth date."),
    "policy_elsewhere": _("This policy belongs to another employer, or to none."),
    # A cell
    "failed_formula": _("A formula in this cell has no result. Enter the value itself."),
    "missing": _("This cell must not be empty."),
    "too_long": _("The text is too long."),
    "not_text": _("The text has characters that cannot be stored."),
    "no_letters": _("A name needs letters."),
    "lost_letters": _("Letters were lost in this text. Save the list as XLSX or as “CSV UTF-8” and send it again."),
    "merged": _("This cell is merged with the one on its left. Give each column a cell of its own."),
    "became_date": _("A spreadsheet has made a date of the number. Format the column as text and type it again."),
    "changed_number": _("A spreadsheet has changed the number. Format the column as text and type it again."),
    "shown_otherwise": _(
        "We cannot know what the sheet shows here. Format the column as text and type the number again."
    ),
    "scientific": _("A spreadsheet has shortened the number. Format the column as text and type it again."),
    "lost_zero": _("A digit is missing: a spreadsheet may have dropped the leading zero."),
    "not_a_date": _("This is not a date. Write it as 1990-12-31 or 31.12.1990."),
    "future": _("This date is in the future."),
    "too_old": _("This date is too long ago."),
    "impossible_date": _("No policy can have this day. Correct it, or leave the cell empty."),
    "time_of_day": _("The date has a time of day, so it could be a day off. Write it as 1990-12-31 or 31.12.1990."),
    "end_before_start": _("The end is before the start."),
    "ends_before_it_began": _(
        "The end is before the first day of cover that is on file. If that day is wrong, give the right one too."
    ),
    "not_a_number": _("This is not a telephone number."),
    "not_mobile": _("This is not a mobile number."),
    "has_extension": _("A mobile number has no extension."),
    "not_an_email": _("This is not an email address."),
    "ambiguous_email": _("Some letters of the domain can be read in several ways. Type the address again."),
    "not_a_national_id": _("This is not a national number."),
    "checksum": _("The check digit does not fit: a digit was mistyped."),
    "not_a_policy_type": _("This market has no such type of policy."),
    "not_a_relation": _("The relation is not known; use employee, spouse, child, parent, policyholder or other."),
    # Accepted, with a warning
    "placeholder": _("This is a placeholder for a number and was read as empty."),
    "only_name": _("This person has one name only. If that is a mistake, correct the row."),
    "odd_letters": _("The name has letters that are rare in Serbian. Check that no letter was lost."),
    "name_turned": _("On file the parts of this name are in other columns. They were changed as in this list."),
    "maybe_on_file": _("Somebody on this policy has the same birth date and contact under another name."),
    "empty_date": _("This date means “no date” and was read as empty."),
    "rounded_time": _("The date had a time within a minute of midnight and was read as that day."),
    "shared_number": _(
        "Several employees have this number, so it connects no family. Give each employee a separate number."
    ),
    "foreign_mobile": _("The mobile number is of another country."),
    "latin_name": _("The name is in Latin letters. If the person types it in Cyrillic, we will not find them."),
    "birth_date_differs": _("The birth date differs from the one in the national number."),
    "differs_from_earlier_row": _("The same person has another value in an earlier row, which was used."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a cell, a row (`column` is empty) or a column (`row` is the header's line)."""

    row: int
    column: str
    code: str

    @property
    def message(self) -> str:
        """The message for people, in the current language."""
        return str(MESSAGES[self.code])

    def as_json(self) -> dict[str, str | int]:
        """The JSON form, which programs outside rely on."""
        return {"row": self.row, "column": self.column, "code": self.code, "message": self.message}


class RosterRefusedError(Exception):
    """The list cannot be used at all: `code` for programs, `message` for people."""

    def __init__(self, code: str, message: str | Promise, *, columns: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.message = f"{message} ({', '.join(columns)})" if columns else str(message)
