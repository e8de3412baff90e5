"""A sample colleague at work at the desk, on a wide screen, in the language of their market."""

from django.utils import translation
from django.utils.functional import Promise

from mypolis.foundation.markets import market as market_of
from mypolis.foundation.rooms import Role, Text
from tests.e2e.conftest import Phone
from tests.e2e.desk.colleagues import code_of, colleague, sign_in
from tests.e2e.walking.accessibility import WIDE
from tests.e2e.walking.running import Demo


class Worker:
    """Somebody with a role in a market. `which` tells those with the same role apart."""

    def __init__(self, phone: Phone, demo: Demo, market: str, role: Role, which: int = 0) -> None:
        self.market, self.tab, self.page = market, (tab := phone(market)), tab.page
        self._demo, self._me = demo, colleague(demo, role, market=market, which=which)
        self.page.set_viewport_size(WIDE)
        sign_in(self.tab, demo, self._me)

    def goes_to(self, path: str) -> None:
        """Open a page of the market's desk."""
        self.tab.open(f"/desk/{self.market}/{path}")
        self._prove_again()

    def press(self, selector: str) -> None:
        """Press a button or link that opens another page."""
        self.tab.press(self.page.locator(selector))
        self._prove_again()

    def reads(self, text: Text | Promise) -> str:
        """A text as this person reads it."""
        with translation.override(market_of(self.market).default_language):
            return str(text)

    @property
    def badge(self) -> str:
        """The state of the claim or run whose page is open."""
        return self.page.locator(".heading .badge").first.inner_text()

    @property
    def refusal(self) -> str:
        """Why something was refused."""
        return self.page.locator("main [role=alert]").inner_text()

    @property
    def is_asked_again(self) -> bool:
        """Whether the page asks for a code, because the last one was typed too long ago."""
        return self.page.locator(PROOF).count() > 0

    def type_a_code(self) -> None:
        """Type a code of the app into the page that asks for one again."""
        self.page.locator(f"{PROOF} [name=code]").fill(code_of(self._demo, self._me))

    def _prove_again(self) -> None:
        if self.is_asked_again:
            self.type_a_code()
            self.press(f"{PROOF} .form-actions button")


PROOF = "form:has([name=desk_proof]):has([name=code])"
