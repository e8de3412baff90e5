"""A clinic in the directory, and the program at its counter."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from mypolis.foundation.events import Actor
from mypolis.insurance.providers.flows import issue_token, load_providers
from mypolis.insurance.providers.models import Provider
from mypolis.insurance.providers.provider_file import ProviderRow
from mypolis.insurance.providers.rights import provider_rights

OPERATOR = Actor("staff", "7")


def clinic(code: str = "KM-01", name: str = "Klinik Melati", *networks: str, market: str = "id") -> Provider:
    """Put a provider into the directory of a market."""
    row = ProviderRow(code=code, name=name, networks=networks)
    load_providers(market=market, rows=[row], by=OPERATOR)
    return Provider.objects.get(market=market, code=code)


class CounterProgram:
    """A provider's program with a token for some rights; for all of them if none are named."""

    def __init__(self, provider: Provider, *may: str) -> None:
        self.provider = provider
        rights = may or tuple(provider_rights())
        self.token, self.text = issue_token(provider=provider, may=rights, life=timedelta(days=30), by=OPERATOR)
        self.client = Client(REMOTE_ADDR="198.51.100.9")

    def post(self, path: str, body: Any, market: str | None = None) -> Any:
        address = f"/api/v1/{market or self.provider.market}/provider/{path}"
        bearer = {"authorization": f"Bearer {self.text}"}
        return self.client.post(address, json.dumps(body), content_type="application/json", headers=bearer)

    def me(self, market: str | None = None) -> Any:
        address = f"/api/v1/{market or self.provider.market}/provider"
        return self.client.get(address, headers={"authorization": f"Bearer {self.text}"})
