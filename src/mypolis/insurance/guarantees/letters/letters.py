"""Issues the letter of a guarantee as a PDF, and says what holds today to somebody who scans its code."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.flows import store
from mypolis.foundation.files.models import StoredFile
from mypolis.foundation.files.serving import PDF
from mypolis.foundation.lib.crypto.tokens import hash_token, new_written_token
from mypolis.foundation.lib.money import Money
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.insurance.ecard.cards import initials
from mypolis.insurance.ecard.counter.checking import unknown_code
from mypolis.insurance.guarantees.event_kinds import GuaranteeEvent
from mypolis.insurance.guarantees.letters.paper import letter_pdf
from mypolis.insurance.guarantees.lifecycle.states import State
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeLetter

_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What somebody with a letter's code reads: no diagnosis, no treatment, and no name.

    `is_newest` is False if a later letter replaces this one. The sum is the one that holds now, zero unless `stands`.
    """

    number: str
    state: State
    stands: bool
    is_newest: bool
    initials: str
    provider: str
    promised: Money
    valid_from: date | None
    valid_until: date | None
    checked_at: datetime


def issue_letter(guarantee: Guarantee, *, by: Actor) -> GuaranteeLetter:
    """Write the letter of a promise that was just made, in the market's language. The caller holds the row's lock."""
    code = f"{new_written_token()}-{new_written_token()}"  # 158 bits: nobody guesses one
    language = guarantee.profile.default_language
    letter = GuaranteeLetter.objects.create(
        guarantee=guarantee, kind=guarantee.state, code_hash=hash_token(code), language=language
    )
    record(GuaranteeEvent.GUARANTEE_LETTER_ISSUED, market=guarantee.market, by=by, subject=letter)
    with translation.override(language):
        paper = letter_pdf(guarantee, url=address_of_page(guarantee.market, "g", code))
        name = f"{_('Guarantee letter')} {guarantee.number}.pdf"
    store(market=guarantee.market, owner=letter, kind="letter", name=name, media_type=PDF, content=iter([paper]), by=by)
    return letter


def newest_paper(guarantee: Guarantee) -> tuple[GuaranteeLetter, StoredFile] | None:
    """The newest letter with its file; None before the guarantee was given."""
    letter = guarantee.letters.order_by("-pk").first()
    file = StoredFile.objects.of(letter).first() if letter is not None else None
    return (letter, file) if letter is not None and file is not None else None


def check_letter(*, text: str, market: str, by: Actor, is_look: bool = True) -> Standing:
    """What holds now of the guarantee whose letter has this code. Any number of checks writes once a minute at most.

    `is_look` is False if nobody sees the answer (HEAD). Raises UnknownCode, LimitReached.
    """
    rows = GuaranteeLetter.objects.select_related("guarantee__membership__person")
    letter = rows.filter(code_hash=hash_token(text.strip().lower()), guarantee__market=market).first()
    if letter is None:
        raise unknown_code(market=market, by=by)
    now = timezone.now()
    if is_look:
        _note_check(letter, now, by=by)
    one = letter.guarantee
    return Standing(
        number=one.number,
        state=one.in_state,
        stands=one.stands,
        is_newest=not one.letters.filter(pk__gt=letter.pk).exists(),
        initials=initials(one.membership),
        provider=one.provider_name,
        promised=Money(one.promised if one.stands else Decimal(0), one.currency),
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        checked_at=now,
    )


@transaction.atomic
def _note_check(letter: GuaranteeLetter, now: datetime, *, by: Actor) -> None:
    rows = GuaranteeLetter.objects.filter(pk=letter.pk)
    due = Q(checked_at=None) | Q(checked_at__lt=now - _NOTED_EVERY)
    if rows.filter(due).update(checked_at=now):
        record(GuaranteeEvent.GUARANTEE_LETTER_CHECKED, market=letter.guarantee.market, by=by, subject=letter)
