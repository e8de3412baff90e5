"""What members type to add a bank account, and the journey's walk."""

from typing import Any

from mypolis.foundation.events import SYSTEM
from mypolis.insurance.bank_accounts.flows import add
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.bank_accounts.numbers.reading import read_number
from mypolis.membership.accounts.models import Account
from tests.cast import ANNA, BUDI, JELENA
from tests.doors import Door, Reply
from tests.post import Post
from tests.web.safety.sessions import signed_in

ANSWERS: dict[str, dict[str, str]] = {
    "rs": {"account_number": "160-123456789-56", "holder": "Jelena Petrović"},
    "id": {"bank": "014", "account_number": "0012 3456 78", "holder": "Budi Santoso"},
    "ru": {"bik": "044525225", "account_number": "40817 810 6 1234 5678901", "holder": "Соколова Анна Сергеевна"},
}
CODE_TO = {"rs": JELENA.mobile, "id": BUDI.email, "ru": ANNA.mobile}
GERMAN = "DE89370400440532013000"


def describe(door: Door, market: str, **changes: Any) -> Reply:
    """Begin the journey and answer its first page."""
    door.start(market, "bank-account")
    return door.answer("bank-account", **(ANSWERS[market] | changes))


def add_account(door: Door, post: Post, market: str, **changes: Any) -> Reply:
    """Walk the whole journey."""
    describe(door, market, **changes)
    return door.answer("code", code=post.code(CODE_TO[market]))


def member_of(door: Door, market: str) -> Account:
    """Sign in the market's member and return the account."""
    signed_in(door, market)
    return Account.objects.filter(market=market).latest("pk")


def has_account(account: Account, number: str, *, bank: str = "") -> BankAccount:
    """Give the member a bank account without the journey."""
    kinds = account.profile.claims.account_kinds
    return add(
        account=account,
        number=read_number(kinds, number, bank=bank),
        holder=account.person.full_name,
        by=SYSTEM,
    )
