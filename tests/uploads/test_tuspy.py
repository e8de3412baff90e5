"""tuspy, a real client, uploads to a running portal while connections are cut at every class of byte."""

import hashlib
import random
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from tusclient.client import TusClient
from tusclient.uploader import Uploader

from tests.effort import cases
from tests.uploads.live import Cutter, Portal, portal_with_shelf
from tests.uploads.tus_client import PIECES, metadata
from tests.waiting import until

SIZE = 3_000_000
SEEDS = 12


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A running portal."""
    with portal_with_shelf(tmp_path_factory.mktemp("shelf")) as portal:
        yield portal


@pytest.fixture(scope="module")
def cutter(portal: Portal) -> Iterator[Cutter]:
    """The proxy between client and portal."""
    with Cutter(portal.demo.url).serving() as cutter:
        yield cutter


def photo(seed: int, size: int = SIZE) -> bytes:
    return random.Random(seed).randbytes(size)


def uploader(portal: Portal, url: str, content: bytes, name: str, **options: Any) -> Uploader:
    client = TusClient(f"{url}/api/v1/rs/uploads", headers={"Authorization": f"Bearer {portal.token}"})
    named = {"filename": name, "shelf": portal.account, "document": "photo"}
    return client.uploader(file_stream=BytesIO(content), metadata=named, retries=20, retry_delay=0.3, **options)


def is_on_shelf(portal: Portal, name: str, content: bytes) -> bool:
    digest = hashlib.sha256(content).hexdigest()
    found = [file for file in portal.shelf() if file["name"] == name]
    return [(file["sha256"], file["stored"], file["size"]) for file in found] == [(digest, digest, len(content))]


@pytest.mark.parametrize("chunk", [SIZE, 700_001], ids=["one-piece", "pieces"])
def test_an_undisturbed_upload_arrives(portal: Portal, cutter: Cutter, chunk: int) -> None:
    content = photo(chunk)
    cutter.cut()
    uploader(portal, cutter.url, content, f"whole-{chunk}", chunk_size=chunk).upload()
    assert is_on_shelf(portal, f"whole-{chunk}", content)


# Bytes of a request: its first line and headers are some 500 bytes, then comes the body.
PLACES = {
    "first byte": (0,),
    "second byte": (1,),
    "middle of a header": (150,),
    "first bytes of the body": (700,),
    "middle of the body": (1_500_000,),
    "last bytes of the body": (SIZE - 100,),
    "again and again": (150, 300_000, 0, 800_000, 1_000, 90_000),
}


@pytest.mark.parametrize("place", cases(list(PLACES), quick=["middle of the body", "again and again"]))
def test_an_upload_that_is_cut_arrives_in_the_end(portal: Portal, cutter: Cutter, place: str) -> None:
    content = photo(sum(place.encode()))
    client = uploader(portal, portal.demo.url, content, place, chunk_size=SIZE)
    client.set_url(client.create_url())
    client.set_url(client.url.replace(portal.demo.url, cutter.url))
    cutter.cut(*PLACES[place])
    client.upload()
    assert cutter.made == len(PLACES[place])
    assert is_on_shelf(portal, place, content)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(SEEDS))
def test_an_upload_that_is_cut_anywhere_arrives_in_the_end(portal: Portal, cutter: Cutter, seed: int) -> None:
    dice, content = random.Random(seed), photo(1_000 + seed)
    client = uploader(portal, portal.demo.url, content, f"seed-{seed}", chunk_size=dice.choice([SIZE, 400_000]))
    client.set_url(client.create_url().replace(portal.demo.url, cutter.url))
    cutter.cut(*(dice.choice([dice.randrange(900), dice.randrange(SIZE)]) for _time in range(dice.randrange(1, 8))))
    client.upload()
    assert is_on_shelf(portal, f"seed-{seed}", content)


def test_what_arrived_before_a_cut_is_kept(portal: Portal, cutter: Cutter) -> None:
    """Half of one PATCH arrives; the client must not send it again."""
    content = photo(77)
    client = uploader(portal, portal.demo.url, content, "half", chunk_size=SIZE)
    client.set_url(client.create_url())
    _send_half(portal, client.url, content, SIZE // 2)
    until(lambda: client.get_offset() == SIZE // 2, every=0.2)
    client.offset = client.get_offset()
    client.upload()
    assert is_on_shelf(portal, "half", content)


def _send_half(portal: Portal, url: str, content: bytes, count: int) -> None:
    path = url.removeprefix(portal.demo.url)
    head = _head_of_patch(portal, path, f"Content-Length: {len(content)}")
    port = int(portal.demo.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(head + content[:count])


def _head_of_patch(portal: Portal, path: str, *more: str) -> bytes:
    named = ["Host: localhost", f"Authorization: Bearer {portal.token}", "Tus-Resumable: 1.0.0", "Upload-Offset: 0"]
    return "\r\n".join([f"PATCH {path} HTTP/1.1", *named, f"Content-Type: {PIECES}", *more, "", ""]).encode()


def test_a_chunked_body_arrives(portal: Portal) -> None:
    content = photo(5, 100_000)
    client = uploader(portal, portal.demo.url, content, "chunked")
    path = client.create_url().removeprefix(portal.demo.url)
    pieces = [content[at : at + 30_000] for at in range(0, len(content), 30_000)]
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    head = _head_of_patch(portal, path, "Transfer-Encoding: chunked", "Connection: close")
    with socket.create_connection(("127.0.0.1", int(portal.demo.url.rpartition(":")[2])), 60) as line:
        line.sendall(head + body)
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    assert b" 204 " in answer.split(b"\r\n")[0] + b" "
    assert is_on_shelf(portal, "chunked", content)


def test_two_clients_that_write_the_same_upload_do_not_mix(portal: Portal) -> None:
    content = photo(6)
    first = uploader(portal, portal.demo.url, content, "twice", chunk_size=50_000)
    first.set_url(first.create_url())
    others = [uploader(portal, portal.demo.url, content, "twice", chunk_size=size) for size in (50_000, 70_000)]
    for other in others:
        other.set_url(first.url)

    def upload(client: Uploader) -> None:
        client.retries = 200
        client.upload()

    with ThreadPoolExecutor() as pool:
        list(pool.map(upload, others))
    assert is_on_shelf(portal, "twice", content)


def test_metadata_of_these_tests_is_what_tuspy_sends(portal: Portal) -> None:
    client = uploader(portal, portal.demo.url, b"x", "чек.jpg")
    pairs = metadata(filename="чек.jpg", shelf=portal.account, document="photo").split(",")
    assert sorted(client.encode_metadata()) == sorted(pairs)
