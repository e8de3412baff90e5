"""Helpers that ask relatives for consent to claims, and answer behind the link."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from mypolis.membership.consents.documents import document
from mypolis.membership.family.access import NotSeen, claimable, may_claim
from mypolis.membership.family.models import ClaimConsent
from mypolis.membership.people.models import Person
from tests.family.home import Asker, aged, insure, person, policy
from tests.post import Post

TOKEN = re.compile(r"/claim-consent/([a-z0-9-]{19})$")


def relative(name: str, years: int, relation: str = "spouse") -> Person:
    """Put somebody on Mira's policy."""
    who = person(name, aged(years))
    insure(who, policy(), relation)
    return who


def ask(asker: Asker, whom: Person) -> Any:
    """Ask somebody for consent."""
    return asker.post("claim-consents", {"whose": str(whom.pk)})


def link_to(asker: Asker, whom: Person, post: Post) -> str:
    """Ask, and return the path of the link in the message."""
    ClaimConsent.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    assert ask(asker, whom).status_code == 201
    link = post.to(whom.email)[0].links[0]
    assert TOKEN.search(link)
    return link[link.index(f"/{asker.market}/") :]


def answer(path: str, said: str, *, client: Client | None = None, text: str | None = None) -> Any:
    """Answer on the page behind the link, in Serbian."""
    shown = document("rs", "claim-consent", "sr-latn").digest if text is None else text
    headers = {"accept-language": "sr-latn"}
    return (client or Client()).post(path, {"answer": said, "text": shown}, headers=headers)


def states(asker: Asker) -> dict[str, str]:
    """The state of everybody whose consent is needed, by given name."""
    return {one["name"].split()[0]: one["state"] for one in asker.get("family/claimable").json()["needs_consent"]}


def claims_for(asker: Asker, whom: Person) -> bool:
    """Whether the member may claim for the person's covers, checked in both ways."""
    rows = list(whom.memberships.all())
    listed = whom.pk in {found.person.pk for found in claimable(asker.account)}
    for row in rows:
        try:
            assert may_claim(asker.account, str(row.pk)).person == whom
            assert listed
        except NotSeen:
            assert not listed
    return listed
