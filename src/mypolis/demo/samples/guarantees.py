"""Guarantees of the sample people: in each market a clinic with a token, one letter that was given, and requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Final

from django.db import transaction

from mypolis.demo.models import SamplePerson
from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.lib.crypto.tokens import hash_token
from mypolis.foundation.markets import Profile
from mypolis.foundation.program_tokens.rights import LONGEST_LIFE
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on
from mypolis.insurance.guarantees.lifecycle.asking import Wish, ask_as_member
from mypolis.insurance.guarantees.lifecycle.deciding import give
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.insurance.providers.flows import issue_token, load_providers
from mypolis.insurance.providers.models import Provider, ProviderToken
from mypolis.insurance.providers.provider_file import ProviderRow
from mypolis.insurance.providers.rights import provider_rights
from mypolis.membership.accounts.models import Account

_DESK = Actor("staff", "demo")


@dataclass(frozen=True, kw_only=True)
class _Sample:
    """A market's clinic with its networks, and treatments: the benefit and the expected sum of each.

    The first person has a letter for what is `given`; they and the others wait for what is `asked`, each in turn.
    """

    code: str
    clinic: str
    networks: tuple[str, ...]
    given: tuple[str, int]
    asked: tuple[tuple[str, int], ...]


_SAMPLES: Final[Mapping[str, _Sample]] = {
    "rs": _Sample(
        code="DZ-01",
        clinic="Dom zdravlja Lipa",
        networks=("partner", "partner-plus"),
        given=("dijagnostika", 12_000),
        asked=(("specijalista", 9_500), ("operacija", 85_000), ("zubar", 16_000), ("dijagnostika", 21_000)),
    ),
    "id": _Sample(
        code="KM-01",
        clinic="Klinik Melati",
        networks=("nusa-inti", "nusa-luas"),
        given=("hospital-care", 6_000_000),
        asked=(("room", 1_500_000), ("surgery", 14_000_000), ("dental", 1_200_000), ("room", 1_000_000)),
    ),
    "ru": _Sample(
        code="RM-01",
        clinic="Клиника «Ромашка»",
        networks=("classic", "business"),
        given=("diagnostics", 14_500),
        asked=(("specialist", 6_200), ("hospital-urgent", 95_000), ("dental", 18_000), ("diagnostics", 8_700)),
    ),
}


def seed_guarantees(profile: Profile) -> None:
    """Give the first registered sample person of a market a letter, and all of them requests, once."""
    sample = _SAMPLES.get(profile.code)
    if sample is None or Guarantee.objects.filter(market=profile.code).exists():
        return
    people = SamplePerson.objects.filter(market=profile.code).exclude(password="").order_by("pk")
    accounts = [one.person.account for one in people]
    if not accounts:
        return
    with transaction.atomic():
        provider = _provider(profile, sample)
        given = _asked(accounts[0], provider, *sample.given)
        for account, asked in zip(cycle(accounts), sample.asked, strict=False):
            _asked(account, provider, *asked)
        if given is not None:
            give(guarantee=given, by=_DESK)


def demo_token(market: str) -> str:
    """The text of the token of a market's demo clinic. Everybody may know it: it is good for invented people only."""
    return f"mypolis-provider-demo-{market}"


def _provider(profile: Profile, sample: _Sample) -> Provider:
    row = ProviderRow(code=sample.code, name=sample.clinic, networks=sample.networks, is_active=True)
    load_providers(market=profile.code, rows=[row], by=SYSTEM)
    provider = Provider.objects.get(market=profile.code, code=sample.code)
    token, _text = issue_token(provider=provider, may=provider_rights(), life=LONGEST_LIFE, by=SYSTEM)
    ProviderToken.objects.filter(pk=token.pk).update(token_hash=hash_token(demo_token(profile.code)))
    return provider


def _asked(account: Account, provider: Provider, benefit: str, expected: int) -> Guarantee | None:
    """Asked for by the person themselves, for a day in two weeks; None if none of their plans has the benefit."""
    day = account.profile.today() + timedelta(days=14)
    cover = _cover_with(account, benefit, day)
    if cover is None:
        return None
    wish = Wish(benefit=benefit, planned_from=day, planned_to=day, expected=Decimal(expected), provider=provider)
    return ask_as_member(account=account, membership=cover, wish=wish, by=Actor("member", str(account.pk)))


def _cover_with(account: Account, benefit: str, day: date) -> str | None:
    for row in account.person.memberships.in_force_on(account.profile.today()).order_by("pk"):
        plan = plan_on(row, day)
        if plan is not None and plan.benefit(benefit) is not None:
            return str(row.pk)
    return None
