"""The texts of benefits and limits in the active language."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mypolis.foundation.lib.money import Money, format_money
from mypolis.insurance.coverage.plan_books.plan import Limit, Text
from mypolis.insurance.coverage.plan_books.vocabulary import BASIS_SENTENCES, counted


def say(text: Text) -> str:
    """A plan's text in the active language, or else in the first language that it has."""
    return text.get(get_language() or "") or next(iter(text.values()))


def measured(limit: Limit, size: Decimal, currency: str) -> str:
    """A size in a limit's measure: "RSD 20,000", "3 visits", "60 days"."""
    if limit.measure == "amount":
        return format_money(Money(size, currency))
    return counted(int(size), limit.unit or "day")


def limit_in_words(limit: Limit, currency: str) -> str:
    """A limit in words: "RSD 20,000 a year"."""
    return str(BASIS_SENTENCES[limit.per]) % {"size": measured(limit, limit.size, currency)}


def percent(share: Decimal) -> str:
    """ "20 %": a percentage in the format of the active language."""
    return _("%(number)s%%") % {"number": number_format(share.normalize(), use_l10n=True)}
