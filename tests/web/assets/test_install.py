"""The portal as an app: each market's name, colours and icons, and a service worker that stores nobody's data."""

import json
import re
import struct

import pytest
from django.test import Client

from mypolis.foundation.web.assets import installable_app
from mypolis.foundation.web.branding.brand import brand_of
from tests.house.pages.test_pages import assert_well_made
from tests.web.site import MARKETS


def app_facts(client: Client, market: str) -> dict[str, object]:
    """Return the data for a market's service worker."""
    script = client.get(f"/{market}/sw.js").content.decode()
    found = re.match(r"const APP = (\{.*?\});\n", script, re.S)
    assert found
    facts: dict[str, object] = json.loads(found[1])
    return facts


@pytest.mark.parametrize("market", MARKETS)
def test_the_manifest_names_and_colours_the_market(client: Client, market: str) -> None:
    response = client.get(f"/{market}/app.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    told = response.json()
    assert (told["name"], told["scope"], told["start_url"]) == (
        brand_of(market).name, f"/{market}/", f"/{market}/home/",
    )  # fmt: skip
    assert told["theme_color"] == brand_of(market).colours["brand"]
    assert len(told["short_name"]) <= 12
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}


@pytest.mark.parametrize("market", MARKETS)
def test_every_icon_is_a_png_of_its_size_and_may_be_kept_for_ever(client: Client, market: str) -> None:
    for name, (size, _fills) in installable_app.ICONS.items():
        response = client.get(installable_app.icon_url(market, name))
        assert response["Content-Type"] == "image/png"
        assert "immutable" in response["Cache-Control"]
        assert response.content[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", response.content[16:24]) == (size, size)


def test_icons_of_other_sizes_do_not_exist(client: Client, db: None) -> None:
    assert client.get("/rs/icons/100000.png").status_code == 404


def test_a_market_has_its_own_icons() -> None:
    assert len({installable_app.draw(market, "192") for market in MARKETS}) == len(MARKETS)


@pytest.mark.parametrize("market", MARKETS)
def test_the_page_without_a_network_holds_no_form_and_whom_to_call(client: Client, market: str) -> None:
    response = client.get(f"/{market}/offline/")
    assert response.status_code == 200
    assert_well_made(response)
    text = response.content.decode()
    assert "<form" not in text
    assert brand_of(market).support.phone in text
    assert not response.cookies


@pytest.mark.parametrize("market", MARKETS)
def test_the_worker_keeps_the_frame_and_the_offline_page_and_nothing_else(client: Client, market: str) -> None:
    facts = app_facts(client, market)
    files = facts["files"]
    assert isinstance(files, list)
    assert f"/{market}/offline/" in files
    assert any(file.startswith(f"/{market}/brand.css?v=") for file in files)
    assert all(file.startswith("/static/web/") or file.startswith(f"/{market}/") for file in files)
    for file in files:
        assert client.get(file).status_code == 200, file


def test_the_worker_is_asked_for_anew_each_time(client: Client) -> None:
    response = client.get("/rs/sw.js")
    assert "no-cache" in response["Cache-Control"]
    assert response["Content-Type"].startswith("text/javascript")


def test_another_language_is_another_version_of_the_app(client: Client) -> None:
    first = app_facts(client, "ru")["version"]
    assert app_facts(client, "ru")["version"] == first
    client.cookies["language-ru"] = "en"
    assert app_facts(client, "ru")["version"] != first
