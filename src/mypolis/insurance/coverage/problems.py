"""What can be wrong with a plan book or a feed row: every error code with its message."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Promise] = {
    # The file as a whole
    "unreadable": _("The file cannot be read."),
    "too_large": _("The file is too large."),
    "not_utf8": _("The text is not in UTF-8."),
    "not_text": _("There is a character here that is not allowed in a text."),
    "bad_yaml": _("This is not well-formed YAML or JSON."),
    "not_a_book": _("This is not a plan book: the file must begin with named values."),
    "doubled_key": _("This name occurs twice here."),
    "anchor": _("Anchors and aliases of YAML are not accepted: write the value out."),
    "too_deep": _("This is nested too deeply."),
    # One value
    "missing": _("This is missing."),
    "unknown_key": _("This key is not known here."),
    "bad_key": _("A key begins with a small letter and has only small letters, digits and dashes, 40 at most."),
    "empty": _("This must not be empty."),
    "too_long": _("The text is too long."),
    "negative": _("This must not be negative."),
    "too_many": _("There are too many of these."),
    "too_big": _("This number is too big."),
    "too_small": _("This number is too small."),
    "not_a_number": _("This is not a number, or it has too many digits."),
    "not_a_date": _("This is not a date. Write it as 2026-12-31."),
    "not_a_choice": _("This word is not known here."),
    "wrong_shape": _("This has the wrong shape here."),
    "unknown_type": _("There is no such type of benefit."),
    "unknown_currency": _("This currency is not known."),
    "missing_translation": _("A language of the market is missing here."),
    "unknown_language": _("This is not one of the market’s languages."),
    "one_measure": _("A limit has exactly one of amount, count and days."),
    "count_and_unit": _("A count needs a unit, and a unit needs a count."),
    "days_per": _("Days can be limited for a case, a pregnancy, a year or in all."),
    # Several values together
    "other_market": _("This book is for another market."),
    "unknown_policy_type": _("This market has no such type of policy."),
    "unknown_benefit": _("The product has no such benefit."),
    "unknown_network": _("The book has no such network."),
    "unknown_document": _("The book has no such document."),
    "unknown_group": _("The plan has no such benefit or group."),
    "group_is_benefit": _("A group cannot have the key of a benefit."),
    "group_cycle": _("This group contains itself."),
    "overlapping_limits": _("Another limit on the same benefits has the same basis and measure."),
    "units_differ": _("A benefit is counted in one unit only, and another limit on it has another."),
    "name_taken": _("Another plan for the same type of policy has this name in lists."),
    # A row of a feed or of a list of payments
    "bad_row": _("This line is not a row of the feed."),
    "bad_external_id": _("Every row needs an id of at most 64 characters."),
    "bad_kind": _("The kind is one of reserve, release, use and reverse."),
    "bad_amount": _(
        "The amount must be a number, zero or more. Write digits, and a point before decimals: 150000 or 118.80."
    ),
    "bad_count": _("The count must be a whole number, zero or more."),
    "nothing_said": _("The row has neither an amount nor a count."),
    "too_many_cells": _("The row has more cells than the list has columns."),
    "broken_quotes": _("A quotation mark in this row is opened and not closed."),
    "unknown_policy": _("There is no such policy on file."),
    "ambiguous_policy": _("Several policies have this number. Give the policy’s type to say which one it is."),
    "unknown_member": _("Nobody on this policy has this number."),
    "ambiguous_member": _("Several people are on this policy. Give a number to say who it is."),
    "no_plan": _("The member’s plan is unknown, and so are its benefits."),
    "not_in_plan": _("The member’s plan has no such benefit."),
    "other_currency": _("The plan is in another currency."),
    "id_reused": _("Another entry has this id, with different values."),
    "id_twice": _("Two rows of this list have this id and differ, so both were refused."),
    "time_of_day": _("The date has a time of day. Write only the day, or add the time zone to the time."),
    "impossible_date": _("This day is not plausible. Correct it, or leave the cell empty."),
    "scientific": _("A spreadsheet has shortened the number. Format the column as text and type it again."),
    "became_date": _("A spreadsheet has made a date of the number. Format the column as text and type it again."),
    "changed_number": _("A spreadsheet has changed the number. Format the column as text and type it again."),
    "shown_otherwise": _(
        "We cannot know what the sheet shows here. Format the column as text and type the number again."
    ),
    "failed_formula": _("A formula in this cell has no result. Enter the value itself."),
    "lost_letters": _("Letters were lost in this text. Save the list as XLSX or as “CSV UTF-8” and send it again."),
    "merged": _("This cell is merged with the one on its left. Give each column a cell of its own."),
    "group_policy": _("Payments are stored only for policies that people have themselves, not through an employer."),
    "other_policy": _("A payment with this id belongs to another policy."),
    "bad_reference": _("The text of a case, visit or pregnancy is too long or cannot be stored."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """An error: its line, its place (a path in a book, a column in a feed) and its code.

    `what` names keys or languages that help to find the error, and never contains a value from the file.
    """

    line: int
    place: str
    code: str
    what: str = ""

    @property
    def message(self) -> str:
        """The message for a person, in the active language."""
        return f"{MESSAGES[self.code]} ({self.what})" if self.what else str(MESSAGES[self.code])

    def as_json(self) -> dict[str, str | int]:
        """The JSON shape in reports."""
        return {"line": self.line, "place": self.place, "code": self.code, "message": self.message}

    def as_text(self, file: str) -> str:
        """One line in the format of compilers: file, line, place, message."""
        place = f" {self.place}:" if self.place else ""
        return f"{file}:{self.line}:{place} {self.message}"
