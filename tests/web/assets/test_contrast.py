"""Brands with unreadable colours are reported before anybody sees them, with advice."""

from dataclasses import replace

import pytest

from mypolis.foundation.markets import all_markets, market
from mypolis.foundation.web.branding import contrast
from mypolis.foundation.web.branding import findings as branding_findings
from mypolis.foundation.web.branding.brand import Brand, brand_of


@pytest.fixture
def lipa() -> Brand:
    """A brand without faults."""
    return brand_of("rs")


def test_the_ratio_is_that_of_the_guidelines() -> None:
    assert contrast.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast.contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert contrast.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("code", all_markets())
def test_the_invented_insurers_can_be_read(code: str) -> None:
    assert list(contrast.faults(brand_of(code))) == []


@pytest.mark.parametrize(
    ("colours", "told"),
    [
        ({"brand": "#7fb8b3"}, "[colours] brand-ink #ffffff beside brand #7fb8b3 has a contrast of 2.2 : 1"),
        ({"brand-link": "#8fd3c8"}, "make brand-link darker"),
        ({"brand-canvas": "#808080"}, "make brand-canvas lighter"),
    ],
)
def test_words_too_close_to_their_ground_are_told_with_the_remedy(
    lipa: Brand, colours: dict[str, str], told: str
) -> None:
    findings = list(contrast.faults(replace(lipa, colours={**lipa.colours, **colours})))
    assert findings
    assert all(finding.startswith(f"{lipa.folder / 'brand.toml'}: ") for finding in findings)
    assert any(told in finding for finding in findings), findings


def test_dark_screens_are_judged_by_their_own_colours(lipa: Brand) -> None:
    findings = list(contrast.faults(replace(lipa, dark_colours={**lipa.dark_colours, "brand-link": "#0a524d"})))
    assert findings
    assert all("[colours.dark] brand-link" in finding for finding in findings)
    assert all(finding.endswith("make brand-link lighter") for finding in findings)


def test_what_the_style_sheet_chooses_is_not_the_brands_fault(lipa: Brand) -> None:
    assert list(contrast.faults(replace(lipa, dark_colours={}))) == []


def test_the_check_of_a_deployment_has_them_among_its_findings(lipa: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    pale = replace(lipa, colours={**lipa.colours, "brand": "#7fb8b3"})
    monkeypatch.setattr(branding_findings, "brand_of", lambda _code: pale)
    assert any("brand-ink #ffffff beside brand" in finding for finding in branding_findings.findings([market("rs")]))
