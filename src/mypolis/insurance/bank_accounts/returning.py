"""Where members go on after they added an account: to the page of another room from which they came."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from mypolis.foundation.rooms import extensions
from mypolis.insurance.bank_accounts.models import BankAccount

RETURN_TO = "return_to"


@dataclass(frozen=True)
class Return:
    """A page to which members return. A room declares it as an extension of `bank_accounts.returns`.

    The page links to `/{market}/bank-account/?return_to=<name>:<uuid>`. Afterwards the member goes to `route`, a URL
    with the arguments market and uuid, with the new account's key in its parameter `bank_account`. The page itself
    checks whose it is.
    """

    name: str
    route: str


def address_back(return_to: str, added: BankAccount) -> str:
    """Return the address to go on to; "" if the text names no page."""
    name, _colon, key = return_to.partition(":")
    routes = [page.route for page in extensions("bank_accounts.returns") if page.name == name]
    try:
        where = UUID(key)
    except ValueError:
        return ""
    if not routes:
        return ""
    query = urlencode({"bank_account": str(added.pk)})
    return f"{reverse(routes[0], args=[added.market, where])}?{query}"
