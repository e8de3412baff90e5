"""One style sheet and one script, joined from many files; and the brand's tokens."""

import re
from pathlib import Path

import pytest
import rjsmin
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from mypolis.foundation.markets import all_markets, market
from mypolis.foundation.web.assets.bundles import BUNDLES, SOURCES, script, style_sheet
from mypolis.foundation.web.branding import brand_files
from mypolis.foundation.web.branding.brand import brand_folder, read_brand

STYLES = sorted((SOURCES / "styles").rglob("*.css"))
TOKENS = SOURCES / "styles" / "tokens"
RAW = set(re.findall(r"(--[\w-]+):", (TOKENS / "raw.css").read_text())) & {
    name
    for name in re.findall(r"--[\w-]+", (TOKENS / "raw.css").read_text())
    if name.startswith(("--paper", "--ink", "--line", "--green", "--amber", "--red", "--blue"))
}


def test_the_order_of_the_layers_comes_first_and_every_part_is_in() -> None:
    css = style_sheet()
    assert css.startswith("@layer reset, tokens, base, layout, components, utilities, print;")
    assert "/*" not in css
    for part in STYLES:
        rules = re.sub(r"/\*.*?\*/", "", part.read_text(), flags=re.DOTALL).split("\n")
        assert all(line.strip() in css for line in rules), part.name


@pytest.mark.parametrize("part", STYLES, ids=lambda part: part.stem)
def test_every_part_stands_in_a_layer_and_closes_what_it_opens(part: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", part.read_text(), flags=re.DOTALL).strip()
    assert rules.startswith("@layer ")
    assert rules.count("{") == rules.count("}")


@pytest.mark.parametrize("part", [part for part in STYLES if part.parent != TOKENS], ids=lambda part: part.stem)
def test_parts_name_meaning_and_never_a_raw_colour(part: Path) -> None:
    text = part.read_text()
    assert not RAW & set(re.findall(r"--[\w-]+", text))
    assert not set(re.findall(r"var\(--brand[\w-]*\)", text))
    if part.name != "print.css":
        assert not set(re.findall(r"#[0-9a-f]{3,8}\b", text)) - {"#fff"}


@pytest.mark.parametrize("part", STYLES, ids=lambda part: part.stem)
def test_parts_speak_of_start_and_end_not_of_left_and_right(part: Path) -> None:
    physical = (
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|(?<![\w-])(?:left|right|top|bottom|width|height)\s*:"
    )
    assert not re.findall(physical, re.sub(r"@media[^{]*", "", part.read_text()))


def test_the_names_of_scripts_do_not_meet() -> None:
    text = script()
    for part in (SOURCES / "scripts").glob("*.js"):
        assert f"{{{rjsmin.jsmin(part.read_text())}}}\n" in text, part.name
    assert not re.search(r"(?:^|[;{}\n])(?:import|export)\b", text)


@pytest.mark.parametrize("name", BUNDLES)
def test_the_joined_files_are_found_and_served(name: str, client: Client) -> None:
    found = finders.find(name)
    assert isinstance(found, str)
    assert Path(found).read_text() == BUNDLES[name]()
    assert b"".join(client.get(f"/static/{name}").streaming_content).decode() == BUNDLES[name]()  # type: ignore[attr-defined]


def test_joining_writes_only_after_a_change() -> None:
    place = Path(str(finders.find("web/mypolis.css")))
    before = place.stat().st_mtime_ns
    finders.find("web/mypolis.css")
    assert place.stat().st_mtime_ns == before


@pytest.mark.parametrize("code", all_markets())
def test_a_brands_files_are_kept_for_good_under_their_own_address_only(code: str, client: Client) -> None:
    for file in (brand_files.sheet(code), brand_files.logo(code)):
        assert "immutable" in client.get(file.url)["Cache-Control"]
        assert client.get(file.url.replace(file.version, "old"))["Cache-Control"] == "public, max-age=3600"


def test_what_is_for_light_screens_alone_does_not_reach_dark_ones() -> None:
    css = brand_files.tokens(read_brand(brand_folder() / "rs", market("rs")))
    always, light, dark = css.split("\n")
    assert "--brand:#" in always
    assert "--brand-corner:10px" in always
    assert "--brand-heading:var(--serif)" in always
    assert "--brand-canvas" not in always
    assert light.startswith("@media (prefers-color-scheme: light)")
    assert dark.startswith("@media (prefers-color-scheme: dark)")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("[shape]\ncorner = 40", "shape.corner"),
        ('[shape]\ncorner = "8px"', "shape.corner"),
        ('[shape]\nheading = "Comic Sans"', "shape.heading"),
        ("[shape]\ncorner = true", "shape.corner"),
    ],
)
def test_a_shape_that_no_page_could_draw_is_refused_by_its_name(tmp_path: Path, wrong: str, told: str) -> None:
    text = (brand_folder() / "rs" / "brand.toml").read_text()
    (tmp_path / "brand.toml").write_text(text.partition("[shape]")[0] + wrong)
    with pytest.raises(ImproperlyConfigured, match=told):
        read_brand(tmp_path, market("rs"))
