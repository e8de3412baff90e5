"""A member's app: sends requests about claims with a bearer token."""

import json
from typing import Any

from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.family.home import Asker


class App(Asker):
    """A signed-in member's app."""

    def __init__(self, who: Account) -> None:
        super().__init__(who)
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def patch(self, claim: Claim | str, body: Any, *, version: int | str | None = None) -> Any:
        """Save fields of a draft; `version` is put in quotes unless it is a text."""
        key = claim if isinstance(claim, str) else str(claim.pk)
        tag = {} if version is None else {"If-Match": version if isinstance(version, str) else f'"{version}"'}
        content = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.patch(
            f"/api/v1/{self.market}/claims/{key}", content, content_type="application/json", headers=tag
        )

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v1/{self.market}/{path}")

    def claim(self, claim: Claim | str) -> Any:
        """The document of a claim."""
        answer = self.get(f"claims/{claim if isinstance(claim, str) else claim.pk}")
        assert answer.status_code == 200, answer.content
        return answer.json()
