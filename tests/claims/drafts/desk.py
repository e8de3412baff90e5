"""A member at the pages of a draft: opens them, types as a browser does, and sends what they show."""

import re
from html import unescape
from typing import Any
from uuid import UUID

from django.test import Client

from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.doors import PageDoor
from tests.members import admit

_FIELD = re.compile(r"<(input|textarea|select)\b([^>]*)>(?:([^<]*)</textarea>)?")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


class Desk:
    """One device of a member."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.client = Client(headers={"accept-language": "en"})
        admit(PageDoor(self.client), account)
        self.page: Any = None

    def address(self, claim: Claim | None, part: str) -> str:
        middle = f"{claim.pk}/" if claim is not None else ""
        return f"/{self.account.market}/claims/{middle}{part}"

    def open(self, claim: Claim | None, part: str) -> Any:
        """Open a page; returns the response, without following a redirect."""
        self.page = self.client.get(self.address(claim, part))
        return self.page

    def send(self, claim: Claim | None, part: str, **typed: object) -> Any:
        """Send the form of the page that is open, with some fields changed."""
        return self.client.post(self.address(claim, part), {**self.fields, **typed})

    def save(self, claim: Claim, part: str, **typed: object) -> Any:
        """What the page's script does when a field was changed."""
        data = {**self.fields, **typed}
        return self.client.post(self.address(claim, part), data, headers={"accept": "application/json"})

    @property
    def text(self) -> str:
        """The page as text."""
        return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", self.page.content.decode())))

    @property
    def fields(self) -> dict[str, str]:
        """What a browser would send of the page's main form, without the buttons."""
        html = self.page.content.decode() if self.page is not None else ""
        found: dict[str, str] = {}
        for tag, attributes, text in _FIELD.findall(html.partition("<main")[2].partition("</main")[0]):
            values = dict(_ATTRIBUTE.findall(attributes))
            name = values.get("name", "")
            if not name or name in found or values.get("type") in ("radio", "file"):
                continue
            found[name] = unescape(text if tag == "textarea" else values.get("value", ""))
            if tag == "select":
                options = html.partition(f'name="{name}"')[2].partition("</select>")[0]
                chosen = re.search(r'value="([^"]*)"\s+selected', options)
                found[name] = unescape(chosen[1]) if chosen else ""
        return found


def day(name: str, year: object, month: object, number: object) -> dict[str, object]:
    """The three boxes of a date."""
    return {f"{name}_day": number, f"{name}_month": month, f"{name}_year": year}


def ids_in(location: str) -> list[UUID]:
    """The ids in an address."""
    return [UUID(found) for found in re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", location)]
