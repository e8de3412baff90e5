"""A guarantee from the member's request to the clinic's bill: member, assessor and clinic, each in a browser."""

import json
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pyotp import TOTP
from pypdf import PdfReader

from mypolis.foundation.markets import market as market_of
from tests.e2e.browsing import Tab
from tests.e2e.conftest import Phone
from tests.e2e.running import Demo
from tests.e2e.test_family import registered, sign_in

MARKET = "id"
BY = ("--market", MARKET, "--by", "staff:olga")
PASSWORD = "lamp-Orchid 7 river-stone"
pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


def join_the_desk(tab: Tab, demo: Demo, name: str, role: str) -> None:
    """Join by an invitation, with an authenticator app."""
    invited = demo.run("staff", "invite", f"{name}@insurer.example", "--name", name, "--role", role, *BY, "--json")
    tab.open(json.loads(invited)["url"])
    tab.fill({"password": PASSWORD, "password_repeat": PASSWORD})
    tab.press(tab.page.locator("main .form-actions button"))
    secret = tab.page.locator("main code").inner_text().replace(" ", "")
    form = tab.page.locator("form:has([name=ticket])")
    form.locator("[name=code]").fill(TOTP(secret).now())
    tab.press(form.locator("button"))
    assert tab.page.locator("main code").count() == 10, "ten recovery codes"


def asks(tab: Tab) -> None:
    """A member asks for care in hospital in a week."""
    day = market_of(MARKET).today() + timedelta(days=7)
    tab.open(f"/{MARKET}/guarantees/ask/")
    page = tab.page
    page.locator("[name=cover]").first.check()
    page.locator("[name=benefit]").select_option("hospital-care")
    page.locator("[name=provider]").select_option("KM-77")
    for field, value in (("planned_from", day), ("planned_to", day + timedelta(days=1))):
        for part in ("day", "month", "year"):
            page.locator(f"[name={field}_{part}]").fill(str(getattr(value, part)))
    page.locator("[name=expected]").fill("6000000")
    tab.press(page.locator("main .form-actions button"))


def decides(tab: Tab, number: str) -> dict[str, str]:
    """An assessor finds the request, takes it and gives the letter. Returns by what a bill names the member."""
    tab.open(f"/desk/{MARKET}/guarantees/")
    tab.press(tab.page.get_by_role("link", name=number))
    assert tab.page.locator("main dd.num").count() == 0, "nobody reads the person before taking it in hand"
    tab.press(tab.page.locator("form[action$='/take/'] button"))
    numbers = tab.page.locator("main dd.num").all_inner_texts()  # an individual policy has no participants' numbers
    tab.press(tab.page.locator("a[href$='/give/']"))
    tab.page.locator("[name=conditions]").fill("Kamar kelas 1.")
    tab.press(tab.page.locator("main .form-actions button"))
    expect(tab.page.locator("form[action$='/take/']")).to_be_visible()
    return dict(zip(("policy_number", "participant_number"), numbers, strict=False))


def code_on_the_letter(tab: Tab) -> str:
    """The code of the letter that the member opens on their page."""
    address = tab.page.locator("a[href$='/letter.pdf']").evaluate("link => link.href")
    pages = PdfReader(BytesIO(tab.page.request.get(address).body())).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    found = re.search(rf"/{MARKET}/g/([a-z0-9-]{{39}})", text)
    assert found is not None, text
    return found[1]


def test_a_guarantee_from_the_request_to_the_clinics_bill(phone: Phone, demo: Demo, tmp_path: Path) -> None:
    clinics = tmp_path / "clinics.csv"
    clinics.write_text("code,name,networks\nKM-77,Klinik Kenanga,nusa-inti nusa-luas\n", encoding="utf-8")
    demo.run("providers", "load", str(clinics), *BY)
    member, assessor, clinic = phone(MARKET), phone(MARKET), phone(MARKET)
    sign_in(member, MARKET, registered(demo, MARKET)[1])
    asks(member)
    address, number = member.page.url, member.page.locator(".over").inner_text()

    join_the_desk(assessor, demo, "Rina", "assessor")
    named = decides(assessor, number)

    member.open(address)
    assert "Kamar kelas 1." in member.text
    code = code_on_the_letter(member)
    clinic.open(f"/{MARKET}/g/{code}")
    assert number in clinic.text
    assert "Klinik Kenanga" in clinic.text
    assert clinic.page.locator(".call").count() == 0, "it holds, so nobody has to call"

    line = {
        "date": market_of(MARKET).today().isoformat(),
        "benefit": "hospital-care",
        "amount": "4000000",
        "currency": "IDR",
    }
    bill = {
        "id": f"kenanga-{number}",
        **named,
        "provider": "Klinik Kenanga",
        "lines": [line],
        "guarantee": number,
        "is_last": True,
    }
    (tmp_path / "bill.json").write_text(json.dumps(bill), encoding="utf-8")
    demo.run("claims", "bill", str(tmp_path / "bill.json"), *BY)
    before = member.text
    member.open(address)
    assert member.page.locator("#steps ~ ul li").count() == 3, "asked, given, used"
    assert member.text != before
    clinic.open(f"/{MARKET}/g/{code}")
    assert clinic.page.locator("main a[href^='tel:']").count() > 0, "a used letter says whom to call"
