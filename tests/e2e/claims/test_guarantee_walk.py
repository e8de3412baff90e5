"""A guarantee from the member's request to the clinic's bill: member, assessor and clinic, each in a browser."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from mypolis.foundation.markets import market as market_of
from tests.e2e.conftest import Phone
from tests.e2e.desk.worker import Worker
from tests.e2e.test_family import registered, sign_in
from tests.e2e.walking.browsing import Tab
from tests.e2e.walking.lists import MARKETS
from tests.e2e.walking.running import Demo
from tests.effort import cases

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


@dataclass(frozen=True, kw_only=True)
class Care:
    """Planned care in one market: the benefit, the clinic with its networks, what is expected and then billed."""

    benefit: str
    clinic: str
    networks: str
    expected: str
    conditions: str
    billed: str
    currency: str
    code: str = "KM-77"


CARE: Mapping[str, Care] = {
    "rs": Care(
        benefit="dijagnostika",
        clinic="Klinika Topola",
        networks="partner partner-plus",
        expected="12000",
        conditions="Jedan snimak.",
        billed="9000",
        currency="RSD",
    ),
    "id": Care(
        benefit="hospital-care",
        clinic="Klinik Kenanga",
        networks="nusa-inti nusa-luas",
        expected="6000000",
        conditions="Kamar kelas 1.",
        billed="4000000",
        currency="IDR",
    ),
    "ru": Care(
        benefit="diagnostics",
        clinic="Клиника «Тополь»",
        networks="classic business",
        expected="14500",
        conditions="Один снимок.",
        billed="12000",
        currency="RUB",
    ),
}


def asks(tab: Tab, market: str, care: Care) -> None:
    """A member asks for planned care in a week."""
    day = market_of(market).today() + timedelta(days=7)
    tab.open(f"/{market}/guarantees/ask/")
    page = tab.page
    page.locator("[name=cover]").first.check()
    page.locator("[name=benefit]").select_option(care.benefit)
    page.locator("[name=provider]").select_option(care.code)
    for field, value in (("planned_from", day), ("planned_to", day + timedelta(days=1))):
        for part in ("day", "month", "year"):
            page.locator(f"[name={field}_{part}]").fill(str(getattr(value, part)))
    page.locator("[name=expected]").fill(care.expected)
    tab.press(page.locator("main .form-actions button"))


def decides(assessor: Worker, number: str, conditions: str) -> None:
    """An assessor finds the request, takes it and gives the letter."""
    page = assessor.page
    assessor.goes_to("guarantees/")
    assessor.press(f"main a:text-is('{number}')")
    assert page.locator("main dd.num").count() == 0, "nobody reads the person before taking it in hand"
    assessor.press("form[action$='/take/'] button")
    assert page.locator("main dd.num").count() > 0
    assessor.press("a[href$='/give/']")
    page.locator("[name=conditions]").fill(conditions)
    assessor.press("main .form-actions button")
    expect(page.locator("form[action$='/take/']")).to_be_visible()


def code_on_the_letter(tab: Tab, market: str) -> str:
    """The code of the letter that the member opens on their page."""
    address = tab.page.locator("a[href$='/letter.pdf']").evaluate("link => link.href")
    pages = PdfReader(BytesIO(tab.page.request.get(address).body())).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    found = re.search(rf"/{market}/g/([a-z0-9-]{{39}})", text)
    assert found is not None, text
    return found[1]


@pytest.mark.parametrize("market", cases(MARKETS, quick=["id"]))
def test_a_guarantee_from_the_request_to_the_clinics_bill(
    market: str, phone: Phone, demo: Demo, tmp_path: Path
) -> None:
    care, by = CARE[market], ("--market", market, "--by", "staff:olga")
    clinics = tmp_path / "clinics.csv"
    clinics.write_text(f"code,name,networks\n{care.code},{care.clinic},{care.networks}\n", encoding="utf-8")
    demo.run("providers", "load", str(clinics), *by)
    member, clinic = phone(market), phone(market)
    who = registered(demo, market)[1]
    sign_in(member, market, who)
    asks(member, market, care)
    address, number = member.page.url, member.page.locator(".over").inner_text()
    decides(Worker(phone, demo, market, "assessor"), number, care.conditions)

    member.open(address)
    assert care.conditions in member.text
    code = code_on_the_letter(member, market)
    clinic.open(f"/{market}/g/{code}")
    assert number in clinic.text
    assert care.clinic in clinic.text
    assert clinic.page.locator(".call").count() == 0, "it holds, so nobody has to call"

    (tmp_path / "bill.json").write_text(json.dumps(bill(number, care, who["policy_number"], market)), encoding="utf-8")
    demo.run("claims", "bill", str(tmp_path / "bill.json"), *by)
    before = member.text
    member.open(address)
    assert member.page.locator("#steps ~ ul li").count() == 3, "asked, given, used"
    assert member.text != before
    clinic.open(f"/{market}/g/{code}")
    assert clinic.page.locator("main a[href^='tel:']").count() > 0, "a used letter says whom to call"


def bill(number: str, care: Care, policy: str, market: str) -> dict[str, object]:
    """The clinic's last bill for a guarantee. It knows what is on the letter: its own number, and the policy's."""
    day = market_of(market).today().isoformat()
    line = {"date": day, "benefit": care.benefit, "amount": care.billed, "currency": care.currency}
    what = {"provider": care.clinic, "lines": [line], "guarantee": number, "is_last": True}
    return {"id": f"clinic-{number}", "policy_number": policy, **what}
