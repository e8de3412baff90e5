"""Uploads from Chromium: by tus-js-client, a real client; by our own script on a page; and without script."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.walking.browsing import CHROMIUM, FLAGS
from tests.uploads.live import Cutter, Portal, portal_with_shelf
from tests.uploads.npm_package import file_of
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.long]
SIZE = 2_000_000
TUS_JS = (
    "64b7989a3ae4694d5f52c29b222f0930be76b80a1c8c466d071e032a346bab3a"
    "d96b43b8318c13e9d6fea2a78f96ca55f85c57240c8505cfcbe60c148b6385b2"
)

UPLOAD = """async ({ endpoint, token, shelf, name, size, chunkSize }) => {
  const bytes = new Uint8Array(size);
  for (let at = 0, x = size; at < size; at += 1) bytes[at] = (x = (x * 1103515245 + 12345) & 0x7fffffff) >> 16;
  bytes.set(new TextEncoder().encode(name)); // the same bytes twice would be one file
  await new Promise((done, fail) => setTimeout(fail, 90_000, new Error("no end")) && new tus.Upload(new Blob([bytes]), {
    endpoint, chunkSize: chunkSize ?? Infinity, storeFingerprintForResuming: false,
    retryDelays: [0, 200, 400, 800, 1600, 3200, 5000],
    headers: { Authorization: `Bearer ${token}` }, metadata: { filename: name, shelf, document: "photo" },
    onError: fail, onSuccess: done,
  }).start());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A running portal."""
    with portal_with_shelf(tmp_path_factory.mktemp("shelf")) as portal:
        yield portal


@pytest.fixture(scope="module")
def cutter(portal: Portal) -> Iterator[Cutter]:
    """The proxy between browser and portal."""
    with Cutter(portal.demo.url).serving() as cutter:
        yield cutter


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, cutter: Cutter, portal: Portal) -> Iterator[BrowserContext]:
    """A signed-in browser. Whatever a page reports as an error, such as a breach of its policy, fails the test."""
    cutter.cut()
    context = chromium.new_context(locale="en", service_workers="block")
    context.add_cookies([{"name": "session-rs", "value": portal.token, "url": cutter.url}])
    breaches: list[str] = []
    context.on("console", lambda said: breaches.append(said.text) if "Content Security Policy" in said.text else None)
    context.on("weberror", lambda error: breaches.append(str(error.error)))
    yield context
    context.close()
    assert breaches == []


def arrived(portal: Portal, name: str) -> list[dict[str, object]]:
    return [file for file in portal.shelf() if file["name"] == name]


CUTS = {
    "undisturbed": (),
    "first byte": (0,),
    "middle of a header": (200,),
    "middle of the body": (900_000,),
    "last bytes": (SIZE - 2_000,),
    "again and again": (0, 300, 500_000, 250, 700_000, 0),
}


@pytest.mark.parametrize("chunk", [None, 300_000], ids=["one-piece", "pieces"])
@pytest.mark.parametrize("cuts", CUTS)
def test_tus_js_client_uploads_through_cuts(
    chromium: Browser, portal: Portal, cutter: Cutter, cuts: str, chunk: int | None
) -> None:
    cutter.cut()
    context = chromium.new_context(bypass_csp=True, service_workers="block")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{cutter.url}/rs/")
    page.add_script_tag(path=file_of("tus-js-client", "4.3.1", "dist/tus.js", sha512=TUS_JS))
    name = f"{cuts} {chunk}"
    given = {"endpoint": f"{cutter.url}/api/v1/rs/uploads", "token": portal.token, "shelf": portal.account}
    cutter.cut(*CUTS[cuts])
    digest = page.evaluate(UPLOAD, {**given, "name": name, "size": SIZE, "chunkSize": chunk})
    assert cutter.made == len(CUTS[cuts])
    context.close()
    assert [(file["sha256"], file["stored"]) for file in arrived(portal, name)] == [(digest, digest)]


def photo(path: Path, *, side: int = 3_600, noise: int = 64, kind: str = "JPEG") -> Path:
    """A picture of side x side/2 pixels, whose left half is red."""
    dice = random.Random(side)
    small = Image.frombytes("RGB", (noise, noise), dice.randbytes(3 * noise * noise))
    picture = small.resize((side, side // 2), Image.Resampling.BILINEAR)
    picture.paste((255, 0, 0), (0, 0, side // 2, side // 2))
    picture.save(path, kind, quality=95)
    return path


def shelf_page(context: BrowserContext, cutter: Cutter) -> Page:
    page = context.new_page()
    page.goto(f"{cutter.url}/rs/shelf/")
    return page


def test_the_script_sends_pictures_smaller_with_a_preview_and_as_its_policy_allows(
    context: BrowserContext, portal: Portal, cutter: Cutter, tmp_path: Path
) -> None:
    page = shelf_page(context, cutter)
    picture = photo(tmp_path / "large.jpg")
    page.locator("[data-upload]").set_input_files(picture)
    line = page.locator(".upload")
    expect(line).to_have_attribute("data-state", "arrived")
    expect(line.locator("canvas")).to_be_visible()
    assert line.locator("canvas").evaluate("c => [...c.getContext('2d').getImageData(2, 2, 1, 1).data]")[0] > 200
    (file,) = arrived(portal, "large.jpg")
    assert int(str(file["size"])) < picture.stat().st_size
    assert file["pixels"] == [2_400, 1_200]


def test_what_the_browser_cannot_decode_is_sent_as_it_is(
    context: BrowserContext, portal: Portal, cutter: Cutter, tmp_path: Path
) -> None:
    page = shelf_page(context, cutter)
    papers = {name: tmp_path / name for name in ("scan.pdf", "phone.heic")}
    for name, path in papers.items():
        path.write_bytes(f"not really {name}".encode() * 100)
    page.locator("[data-upload]").set_input_files([*papers.values()])
    expect(page.locator(".upload[data-state=arrived]")).to_have_count(2)
    for name, path in papers.items():
        (file,) = arrived(portal, name)
        assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_script_goes_on_when_the_network_is_cut(
    context: BrowserContext, portal: Portal, cutter: Cutter, tmp_path: Path
) -> None:
    page = shelf_page(context, cutter)
    paper = tmp_path / "cut.pdf"
    paper.write_bytes(random.Random(1).randbytes(SIZE))
    cutter.cut(100, 700_000, 0, 400_000)
    page.locator("[data-upload]").set_input_files(paper)
    expect(page.locator(".upload")).to_have_attribute("data-state", "arrived", timeout=60_000)
    assert cutter.made == 4
    assert [file["sha256"] for file in arrived(portal, "cut.pdf")] == [hashlib.sha256(paper.read_bytes()).hexdigest()]


def test_the_script_waits_while_the_phone_is_offline(
    context: BrowserContext, portal: Portal, cutter: Cutter, tmp_path: Path
) -> None:
    page = shelf_page(context, cutter)
    paper = tmp_path / "offline.pdf"
    paper.write_bytes(b"offline" * 1_000)
    context.set_offline(True)
    page.locator("[data-upload]").set_input_files(paper)
    expect(page.locator(".upload")).to_have_attribute("data-state", "waiting")
    context.set_offline(False)
    expect(page.locator(".upload")).to_have_attribute("data-state", "arrived")


def test_an_upload_survives_a_reload_of_the_page(
    context: BrowserContext, portal: Portal, cutter: Cutter, tmp_path: Path
) -> None:
    page = shelf_page(context, cutter)
    paper = tmp_path / "reload.pdf"
    paper.write_bytes(random.Random(2).randbytes(SIZE))
    cutter.cut(1_000_000, *[0] * 500)  # then nothing passes any more
    page.locator("[data-upload]").set_input_files(paper)
    until(lambda: cutter.made > 1)
    cutter.cut()
    page.reload()
    expect(page.locator(".upload")).to_have_attribute("data-state", "arrived")
    assert [file["sha256"] for file in arrived(portal, "reload.pdf")] == [
        hashlib.sha256(paper.read_bytes()).hexdigest()
    ]


def test_another_device_shows_what_is_missing_and_continues_with_the_same_file(
    context: BrowserContext, chromium: Browser, portal: Portal, cutter: Cutter, tmp_path: Path
) -> None:
    page = shelf_page(context, cutter)
    paper = tmp_path / "other.pdf"
    paper.write_bytes(random.Random(3).randbytes(SIZE))
    cutter.cut(1_000_000, *[0] * 500)
    page.locator("[data-upload]").set_input_files(paper)
    until(lambda: cutter.made > 1)
    page.close()
    cutter.cut()
    other = chromium.new_context(locale="en", service_workers="block")
    other.add_cookies([{"name": "session-rs", "value": portal.token, "url": cutter.url}])
    page = shelf_page(other, cutter)
    line = page.locator(".upload")
    expect(line).to_have_attribute("data-state", "again")
    assert 0.2 < line.locator("progress").evaluate("bar => bar.position") < 0.9
    page.locator("[data-upload]").set_input_files(paper)
    expect(line).to_have_count(1)
    expect(line).to_have_attribute("data-state", "arrived")
    other.close()
    assert len(arrived(portal, "other.pdf")) == 1


def test_a_file_can_be_removed_again(context: BrowserContext, portal: Portal, cutter: Cutter, tmp_path: Path) -> None:
    page = shelf_page(context, cutter)
    paper = tmp_path / "wrong.pdf"
    paper.write_bytes(b"the wrong file")
    page.locator("[data-upload]").set_input_files(paper)
    expect(page.locator(".upload")).to_have_attribute("data-state", "arrived")
    page.get_by_role("button", name="wrong.pdf").click()
    expect(page.locator(".upload")).to_have_count(0)
    expect(page.locator("[data-upload]")).to_be_focused()
    assert arrived(portal, "wrong.pdf") == []


def test_a_file_that_is_too_large_or_refused_is_told(
    context: BrowserContext, cutter: Cutter, portal: Portal, tmp_path: Path
) -> None:
    page = shelf_page(context, cutter)
    for name, size in (("huge.pdf", 21 * 1024 * 1024), ("empty.pdf", 0)):
        (tmp_path / name).write_bytes(b"x" * size)
    page.locator("[data-upload]").set_input_files(tmp_path / "huge.pdf")
    expect(page.locator(".upload")).to_have_attribute("data-state", "tooLarge")
    page.locator("[data-upload]").set_input_files(tmp_path / "empty.pdf")
    expect(page.locator(".upload").last).to_have_attribute("data-state", "refused")
    expect(page.locator(".upload").last).not_to_have_text("Remove")


def test_without_script_it_is_an_ordinary_form(
    chromium: Browser, portal: Portal, cutter: Cutter, tmp_path: Path
) -> None:
    cutter.cut()
    context = chromium.new_context(java_script_enabled=False, service_workers="block")
    context.add_cookies([{"name": "session-rs", "value": portal.token, "url": cutter.url}])
    page = shelf_page(context, cutter)
    picture = photo(tmp_path / "plain.png", side=600, kind="PNG")
    page.locator("[data-upload]").set_input_files(picture)
    page.get_by_role("button", name="Put on the shelf").click()
    page.wait_for_url("**/shelf/")
    context.close()
    (file,) = arrived(portal, "plain.png")
    assert file["sha256"] == file["stored"] == hashlib.sha256(picture.read_bytes()).hexdigest()
