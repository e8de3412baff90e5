"""Letters that confirm a cover: issued as a PDF, stored, and verified by the code printed on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.flows import store
from mypolis.foundation.files.models import StoredFile
from mypolis.foundation.files.serving import PDF
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.lib.crypto.tokens import hash_token, new_written_token
from mypolis.foundation.lib.text.masking import mask_tail
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.insurance.ecard.cards import Held, card_of, initials
from mypolis.insurance.ecard.counter.checking import count_check, unknown_code
from mypolis.insurance.ecard.event_kinds import CardEvent
from mypolis.insurance.ecard.face.print_values import letter_pdf
from mypolis.insurance.ecard.flows import NotInForce
from mypolis.insurance.ecard.limits import LETTERS
from mypolis.insurance.ecard.models import Letter, Outcome
from mypolis.insurance.ecard.numbers import insert_numbered, new_letter_number
from mypolis.membership.accounts.models import Account

type Says = dict[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Genuine:
    """The answer to somebody who holds a letter: enough to notice changed text, and nothing more about the member.

    `valid_from` and `valid_until` are those that the letter states; `outcome` describes the cover now.
    """

    number: str
    issued_at: datetime
    initials: str
    policy: str
    valid_from: date
    valid_until: date | None
    outcome: Outcome
    checked_at: datetime


@transaction.atomic
def issue_letter(
    *, account: Account, card_id: str, language: str, by: Actor, once_in: timedelta = timedelta(0)
) -> Letter:
    """Issue a letter about a cover that is in force, in one of the market's languages, and store it.

    If there is a letter in that language younger than `once_in`, it is returned instead, against double clicks.
    Raises UnknownCard, NotInForce, LimitReached.
    """
    held = card_of(account, card_id, locked=bool(once_in))
    if held.state not in ("active", "to_activate"):
        raise NotInForce
    spend(LETTERS, str(held.membership.pk), market=account.market)
    if once_in and (letter := _just_written(held, language, since=timezone.now() - once_in)):
        return letter
    code, today = new_written_token(), account.profile.today()
    letter = Letter(
        market=account.market,
        membership=held.membership,
        code_hash=hash_token(code),
        language=language,
        says=_says(held),
    )
    insert_numbered(letter, lambda: new_letter_number(today.year))
    record(CardEvent.LETTER_ISSUED, market=account.market, by=by, subject=letter, membership=held.membership.pk)
    with translation.override(language):
        paper = letter_pdf(held, number=letter.number, day=today, url=address_of_page(account.market, "l", code))
        name = f"{_('Confirmation of cover')} {letter.number}.pdf"
    store(market=account.market, owner=letter, kind="letter", name=name, media_type=PDF, content=_once(paper), by=by)
    return letter


def _just_written(held: Held, language: str, *, since: datetime) -> Letter | None:
    return Letter.objects.filter(membership=held.membership, language=language, issued_at__gt=since).first()


def letters_of(account: Account) -> QuerySet[Letter]:
    """A member's letters, newest first."""
    return Letter.objects.filter(membership__person=account.person).order_by("-issued_at")


def paper_of(account: Account, letter_id: str) -> tuple[Letter, StoredFile] | None:
    """A letter of the member with its file; None if it is not theirs or does not exist."""
    try:
        letter = letters_of(account).filter(pk=UUID(letter_id)).first()
    except ValueError:
        return None
    file = StoredFile.objects.of(letter).first() if letter else None
    return (letter, file) if letter and file else None


def check_letter(*, text: str, market: str, by: Actor, is_look: bool = True) -> Genuine:
    """What a letter with this code states, and whether the cover is in force now. Raises UnknownCode, LimitReached."""
    digest = hash_token(text.strip().lower())
    rows = Letter.objects.select_related("membership__policy", "membership__person")
    letter = rows.filter(code_hash=digest, market=market).first()
    if letter is None:
        raise unknown_code(market=market, by=by)
    status = letter.membership.status_on(profile_of(market).today())
    outcome: Outcome = "active" if status == "active" else "not_active"
    count_check(letter, use="letter", outcome=outcome, code=digest[:16], by=by, is_look=is_look)
    says = cast("Says", letter.says)
    return Genuine(
        number=letter.number,
        issued_at=letter.issued_at,
        initials=initials(letter.membership),
        policy=mask_tail(str(says["policy_number"])),
        valid_from=date.fromisoformat(str(says["valid_from"])),
        valid_until=date.fromisoformat(says["valid_until"]) if says["valid_until"] else None,
        outcome=outcome,
        checked_at=timezone.now(),
    )


def _says(held: Held) -> Says:
    """The letter's statements, stored so that they can be compared after the person's data has changed."""
    membership = held.membership
    return {
        "name": held.name,
        "policy_number": membership.policy.number,
        "plan": membership.plan,
        "valid_from": held.valid_from.isoformat(),
        "valid_until": held.valid_until.isoformat() if held.valid_until else None,
    }


def _once(paper: bytes) -> Iterator[bytes]:
    yield paper
