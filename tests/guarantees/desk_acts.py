"""What colleagues at the desk do with guarantees, in tests."""

from decimal import Decimal
from typing import Any

from django.test import Client

from mypolis.insurance.guarantees.desk import deciding, in_hand
from mypolis.insurance.guarantees.lifecycle.deciding import Terms, preview
from mypolis.insurance.guarantees.lifecycle.states import State
from mypolis.insurance.guarantees.models import Guarantee
from tests.staff.world import Colleague


def takes(one: Colleague, guarantee: Guarantee, *, over: bool = False) -> Guarantee:
    """A colleague takes a guarantee in hand."""
    in_hand.take(guarantee=guarantee, staff=one.account, by=one.actor, is_from_colleague=over)
    return guarantee


def promises(
    one: Colleague, guarantee: Guarantee, expected: str, to: State = State.GIVEN, shown: str | None = None
) -> deciding.CameTo:
    """A colleague gives or extends a guarantee, after the page showed what the plan pays."""
    terms = Terms(expected=Decimal(expected))
    seen = preview(guarantee, terms).promised if shown is None else Decimal(shown)
    return deciding.promise(guarantee=guarantee, to=to, terms=terms, shown=seen, staff=one.account, by=one.actor)


def confirms(one: Colleague, guarantee: Guarantee, shown: str) -> Guarantee:
    """A colleague confirms what another one proposed."""
    return deciding.confirm(guarantee=guarantee, shown=Decimal(shown), staff=one.account, by=one.actor)


def text_of(answer: Any) -> str:
    """The page."""
    return str(answer.content.decode())


class Desk:
    """The pages about one guarantee, in a colleague's browser."""

    def __init__(self, browser: Client, guarantee: Guarantee) -> None:
        self.browser = browser
        self.base = f"/desk/{guarantee.market}/guarantees/{guarantee.pk}/"

    def get(self, page: str = "") -> Any:
        """Open a page."""
        return self.browser.get(f"{self.base}{page}")

    def post(self, page: str, form: dict[str, str] | None = None) -> Any:
        """Send a form."""
        return self.browser.post(f"{self.base}{page}", form or {})
