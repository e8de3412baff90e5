"""Members who hold cards, and the requests that they and a counter can send."""

import re
from collections.abc import Callable
from typing import Any

import zxingcpp
from django.test import Client
from PIL import Image, ImageDraw

from mypolis.insurance.ecard.counter.card_codes import read_code
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership, Person
from tests.cast import Somebody, on_file
from tests.doors import ApiDoor, Door, PageDoor
from tests.members import admit, enrol

COUNTER = "198.51.100.7"


PHONE = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
COMPUTER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
MESSENGER = "Mozilla/5.0 (compatible; TelegramBot/1.0; like TwitterBot)"


class Holder:
    """A signed-in member who uses the API."""

    def __init__(self, somebody: Somebody, *, journey: Callable[[Door, Somebody], object] = enrol) -> None:
        on_file(somebody)
        door = ApiDoor(Client())
        journey(door, somebody)
        self.account = Account.objects.get(person=Person.objects.get(email=somebody.email, market=somebody.market))
        if somebody.market == "rs":
            admit(door, self.account)
        self.market = somebody.market
        self.base = f"/api/v1/{somebody.market}"
        self.client = Client(headers={"Authorization": f"Bearer {door.access}"})

    @property
    def membership(self) -> Membership:
        """The newest cover."""
        return self.account.person.memberships.latest("pk")

    @property
    def card(self) -> str:
        """The id of the card of the newest cover."""
        return str(self.membership.pk)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"{self.base}/{path}", headers=headers)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.client.post(f"{self.base}/{path}", body or {}, content_type="application/json")

    def activate(self) -> dict[str, Any]:
        """Activate the card. Returns its document."""
        answer = self.post(f"cards/{self.card}/activate", {"accept_card": True})
        assert answer.status_code == 200, answer.content
        return answer.json()

    def code(self, use: str = "now") -> str:
        """A fresh code."""
        return self.get(f"cards/{self.card}/qr?use={use}").json()["token"]

    def looks(self) -> list[dict[str, Any]]:
        return self.get(f"cards/{self.card}/looks").json()["looks"]


class PageHolder:
    """A signed-in member who uses the pages."""

    def __init__(self, somebody: Somebody) -> None:
        on_file(somebody)
        self.client, self.market = Client(), somebody.market
        door = PageDoor(self.client)
        enrol(door, somebody)
        self.account = Account.objects.get(person=Person.objects.get(email=somebody.email, market=somebody.market))
        if somebody.market == "rs":
            admit(door, self.account)

    @property
    def membership(self) -> Membership:
        """The newest cover."""
        return self.account.person.memberships.latest("pk")

    def get(self, page: str = "", *, card: str | None = None, language: str = "en") -> Any:
        """A page of the newest cover's card, such as `looks/`."""
        path = f"/{self.market}/card/{card or self.membership.pk}/{page}"
        return self.client.get(path, headers={"accept-language": language})

    def first(self, page: str = "", language: str = "en") -> Any:
        """The page of the member's first usable card, or one of its subpages."""
        return self.client.get(f"/{self.market}/card/{page}", headers={"accept-language": language})

    def send(self, page: str, answers: dict[str, Any] | None = None, *, card: str | None = None) -> Any:
        """Press a button on one of the card's pages."""
        path = f"/{self.market}/card/{card or self.membership.pk}/{page}"
        return self.client.post(path, answers or {}, headers={"accept-language": "en"})

    def activate(self) -> str:
        """Activate the card. Returns its page."""
        answer = self.send("activate/", {"accept_card": "on"})
        assert answer.status_code == 302, answer.content.decode()
        return str(self.get().content.decode())


def codes_on(text: str) -> dict[str, str]:
    """The codes drawn on a page, read by a decoder as a camera would, keyed by their use."""
    drawings = re.findall(
        r'<svg\s+class="qr"\s+viewBox="0 0 (\d+) \d+".*?<path fill="#000" d="([^"]*)"', text, re.DOTALL
    )
    urls = [decoded(painted(int(side), path)) for side, path in drawings]
    found = {}
    for url in urls:
        code = read_code(url.rpartition("/")[2])
        assert code is not None, url
        found[code.use] = url
    return found


def painted(side: int, path: str, *, scale: int = 4) -> Image.Image:
    """The drawing as a picture."""
    image = Image.new("L", (side * scale, side * scale), 255)
    brush = ImageDraw.Draw(image)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", path):
        left, top, right = int(x) * scale, int(y) * scale, (int(x) + int(length)) * scale
        brush.rectangle((left, top, right - 1, top + scale - 1), fill=0)
    return image


def decoded(image: Image.Image) -> str:
    """The content of the only QR code in a picture. The reader can find one code twice, at two scales."""
    (text,) = {str(found.text) for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)}
    return text


def counter(market: str, code: str, *, address: str = COUNTER, language: str = "en") -> Any:
    """The API's response to a stranger who checks a code from this network address."""
    headers = {"accept-language": language}
    return Client(REMOTE_ADDR=address).get(f"/api/v1/{market}/card-check/{code}", headers=headers)


def page(market: str, code: str, *, address: str = COUNTER, language: str = "en", **headers: str) -> Any:
    """The same check as a page."""
    return Client(REMOTE_ADDR=address).get(f"/{market}/v/{code}", headers={"accept-language": language, **headers})
