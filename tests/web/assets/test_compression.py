"""Pages are compressed for visitors without cookies, the brand's files for everybody, and nothing else."""

import gzip

import brotli
import pytest
from django.test import Client

from mypolis.foundation.web.compression import accepted_way

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("header", "way"), [("gzip, deflate, br", "br"), ("gzip", "gzip")])
def test_a_first_visit_is_compressed_as_the_browser_accepts_it(header: str, way: str) -> None:
    plain = Client().get("/rs/signin/")
    packed = Client(headers={"accept-encoding": header}).get("/rs/signin/")
    assert packed["Content-Encoding"] == way
    text = {"br": brotli.decompress, "gzip": gzip.decompress}[way](packed.content).decode()
    assert text.split("<main")[0] == plain.content.decode().split("<main")[0]
    assert "accept-encoding" in packed["Vary"].lower()
    assert "Content-Encoding" not in plain


def test_a_page_for_a_browser_with_a_cookie_is_sent_as_it_is() -> None:
    client = Client(headers={"accept-encoding": "gzip, br"})
    assert client.get("/rs/signin/")["Content-Encoding"] == "br"
    assert client.cookies
    assert "Content-Encoding" not in client.get("/rs/signin/")


def test_files_that_are_the_same_for_everybody_are_compressed_for_everybody() -> None:
    client = Client(headers={"accept-encoding": "gzip, br"})
    page = brotli.decompress(client.get("/rs/signin/").content).decode()
    sheet = page.split('href="/rs/brand.css')[1].split('"')[0]
    response = client.get(f"/rs/brand.css{sheet}")
    assert client.cookies
    assert response["Content-Encoding"] == "br"
    assert "public" in response["Cache-Control"]


def test_what_is_no_page_is_sent_as_it_is() -> None:
    client = Client(headers={"accept-encoding": "gzip, br"})
    assert "Content-Encoding" not in client.get("/api/v1/rs")
    assert "Content-Encoding" not in client.post("/rs/signin/", {"again": ""})


def test_head_has_no_body_and_the_length_of_the_page() -> None:
    response = Client(headers={"accept-encoding": "br"}).head("/rs/signin/")
    assert response["Content-Encoding"] == "br"
    assert response.content == b""


@pytest.mark.parametrize(
    ("header", "way"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("br;q=0.5", "br"),
        ("BR", "br"),
        ("gzip ; q=0.000", ""),
    ],
)
def test_which_way_is_accepted(header: str, way: str) -> None:
    assert accepted_way(header) == way
