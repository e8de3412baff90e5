"""Loads providers, and issues, recognises and ends their tokens."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record, record_many
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.program_tokens import flows as program_tokens
from mypolis.insurance.providers.event_kinds import ProviderEvent
from mypolis.insurance.providers.models import Provider, ProviderToken
from mypolis.insurance.providers.provider_file import ProviderRow
from mypolis.insurance.providers.rights import provider_rights

_PREFIX = "mypolis-provider-"  # secret scanners find a leaked token by it
_FIELDS = ("name", "networks", "is_active")


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """How many providers of a list were new, changed, or as before."""

    new: int
    changed: int
    unchanged: int


@transaction.atomic
def load_providers(*, market: str, rows: Iterable[ProviderRow], by: Actor) -> LoadReport:
    """Add providers, or change those whose code is known. Providers that are not on the list stay as they are.

    Codes that differ only in case are the same.
    """
    known = {one.code.casefold(): one for one in Provider.objects.select_for_update().filter(market=market)}
    given = list(rows)
    new, changed = [], []
    for row in given:
        values = {"name": row.name, "networks": sorted(set(row.networks)), "is_active": row.is_active}
        found = known.get(row.code.casefold())
        if found is None:
            new.append(Provider(market=market, code=row.code, **values))
        elif any(getattr(found, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(found, name, value)
            changed.append(found)
    Provider.objects.bulk_create(new)
    Provider.objects.bulk_update(changed, _FIELDS)
    if new or changed:
        record_many(ProviderEvent.PROVIDER_SAVED, market=market, by=by, subjects=[*new, *changed])
    return LoadReport(new=len(new), changed=len(changed), unchanged=len(given) - len(new) - len(changed))


@transaction.atomic
def issue_token(*, provider: Provider, may: Collection[str], life: timedelta, by: Actor) -> tuple[ProviderToken, str]:
    """A new token and its text, which is available only now. The provider's other tokens stay valid.

    Raises ValueError for an unknown right, or a life longer than `LONGEST_LIFE`.
    """
    text = f"{_PREFIX}{new_token()}"
    token = ProviderToken(provider=provider)
    program_tokens.fill(token, may=may, life=life, token_hash=hash_token(text), known=provider_rights())
    record(ProviderEvent.PROVIDER_TOKEN_ISSUED, market=provider.market, by=by, subject=token)
    return token, text


@transaction.atomic
def end_token(*, market: str, token_id: int, by: Actor) -> bool:
    """End a token at once; False if there is no such token, or it was ended or has expired."""
    theirs = ProviderToken.objects.filter(provider__market=market)
    token = program_tokens.end(theirs, token_id=token_id, now=timezone.now())
    if token is None:
        return False
    record(ProviderEvent.PROVIDER_TOKEN_ENDED, market=market, by=by, subject=token)
    return True


def recognise(text: str, *, market: str) -> ProviderToken | None:
    """The token with this text, if it works in this market now; records that it was used."""
    now = timezone.now()
    rows = ProviderToken.objects.active(now).select_related("provider").filter(provider__market=market)
    return program_tokens.recognise(rows, text=text, now=now)
