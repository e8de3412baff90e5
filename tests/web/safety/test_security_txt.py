"""`security.txt`: where to report a vulnerability, from the brands' data."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from mypolis.foundation.markets import all_markets, market
from mypolis.foundation.web.branding.brand import brand_of, read_brand

PATH = "/.well-known/security.txt"


def fields_of(response: Any) -> list[tuple[str, str]]:
    """Return the fields of the file, in order."""
    return [(name, value) for name, _colon, value in (line.partition(": ") for line in response.text.splitlines())]


def test_it_names_every_insurer_a_day_until_which_it_holds_and_where_it_belongs(client: Client) -> None:
    response = client.get(PATH)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = fields_of(response)
    contacts = [value for name, value in fields if name == "Contact"]
    assert contacts == [f"mailto:{brand_of(code).support.email}" for code in all_markets()]
    rest = dict(field for field in fields if field[0] != "Contact")
    assert set(rest) == {"Expires", "Preferred-Languages", "Canonical"}
    assert rest["Preferred-Languages"] == "sr-latn, sr-cyrl, en, id, ru"
    assert rest["Canonical"] == f"{settings.MYPOLIS.public_url}{PATH}"
    expires = datetime.fromisoformat(rest["Expires"])
    assert timedelta(days=90) < expires - datetime.now(UTC) < timedelta(days=365)


def test_a_brand_may_name_an_address_of_its_own_for_holes(tmp_path: Any) -> None:
    source = brand_of("ru").folder
    text = (source / "brand.toml").read_text().replace("[support]", '[support]\nsecurity_email = "holes@x.example"')
    (tmp_path / "brand.toml").write_text(text)
    (tmp_path / "logo.svg").write_bytes((source / "logo.svg").read_bytes())
    assert read_brand(tmp_path, market("ru")).support.security_email == "holes@x.example"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(client: Client, db: None, method: str) -> None:
    assert getattr(client, method)(PATH).status_code == 405
