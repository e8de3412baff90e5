"""Where members go on after they added an account: to the page of another room from which they came."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import extensions
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.membership.accounts.models import Account

RETURN_TO = "return_to"


class Use(Protocol):
    """Uses a new account for the row with this key, in the transaction that adds the account. Never raises."""

    def __call__(self, *, account: Account, key: UUID, added: BankAccount, by: Actor) -> None: ...


@dataclass(frozen=True)
class Return:
    """A page to which members return. A room declares it as an extension of `bank_accounts.returns`.

    The page links to `/{market}/bank-account/?return_to=<name>:<uuid>`. Afterwards `use` is called, and the member goes
    to `route`, a URL with the arguments market and uuid. Without `use`, the new account's key is in the URL's parameter
    `bank_account`. The page itself checks whose it is.
    """

    name: str
    route: str
    use: Use | None = None


def place_of(return_to: str) -> tuple[Return, UUID] | None:
    """Return the page that the text names, and the key of what it shows; None if it names no page."""
    name, _colon, key = return_to.partition(":")
    page = next((page for page in extensions("bank_accounts.returns") if page.name == name), None)
    try:
        return (page, UUID(key)) if page is not None else None
    except ValueError:
        return None


def address_before(return_to: str, market: str) -> str:
    """Return the address of the page from which the member came; "" if the text names no page."""
    place = place_of(return_to)
    return reverse(place[0].route, args=[market, place[1]]) if place is not None else ""


def go_back(return_to: str, *, account: Account, added: BankAccount, by: Actor) -> str:
    """Let the page use the new account. Return the address to go on to; "" if the text names no page."""
    place, address = place_of(return_to), address_before(return_to, added.market)
    if place is None:
        return ""
    page, key = place
    if page.use is None:
        return f"{address}?{urlencode({'bank_account': str(added.pk)})}"
    page.use(account=account, key=key, added=added, by=by)
    return address
