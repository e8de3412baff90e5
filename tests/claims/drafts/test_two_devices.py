"""Two devices on one draft: the later one sees what the earlier saved, and no field is lost silently."""

from decimal import Decimal
from typing import Any

import pytest

from mypolis.insurance.claims.drafts import flows
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.claims.drafts.desk import Desk
from tests.claims.world import bill, changed, draft, reread


@pytest.fixture
def claim(budi: Account) -> Claim:
    """A draft with one bill."""
    return changed(budi, draft(budi), provider="Klinik Melati", lines=[bill(budi)])


@pytest.fixture
def phones(budi: Account, claim: Claim) -> tuple[Desk, Desk]:
    """Two devices that show the page of treatment and bill."""
    found = Desk(budi), Desk(budi)
    for one in found:
        one.open(claim, "bills/")
    return found


def test_different_fields_are_both_kept(claim: Claim, phones: tuple[Desk, Desk]) -> None:
    first, second = phones
    assert first.send(claim, "bills/", diagnosis="batuk").status_code == 302
    assert second.send(claim, "bills/", bill_amount="175").status_code == 302
    kept = reread(claim)
    assert (kept.diagnosis, kept.provider, kept.lines.get().amount) == ("batuk", "Klinik Melati", Decimal(175))


def test_the_same_field_is_asked_about_and_nothing_is_overwritten(claim: Claim, phones: tuple[Desk, Desk]) -> None:
    first, second = phones
    first.send(claim, "bills/", provider="Klinik Anggrek")
    second.page = second.send(claim, "bills/", provider="RS Harapan", diagnosis="batuk")
    assert second.page.status_code == 409
    assert "On another device “Klinik Anggrek” was entered" in second.text
    assert second.fields["provider"] == "RS Harapan"
    kept = reread(claim)
    assert (kept.provider, kept.diagnosis) == ("Klinik Anggrek", "batuk")
    assert second.send(claim, "bills/", provider="RS Harapan").status_code == 302
    assert reread(claim).provider == "RS Harapan", "asked once, then it counts"


def test_the_same_value_on_both_is_no_question(claim: Claim, phones: tuple[Desk, Desk]) -> None:
    for phone in phones:
        assert phone.send(claim, "bills/", provider="Klinik Anggrek").status_code == 302


def test_a_sum_that_both_typed_is_asked_about(claim: Claim, phones: tuple[Desk, Desk]) -> None:
    first, second = phones
    first.send(claim, "bills/", bill_amount="175")
    second.page = second.send(claim, "bills/", bill_amount="200,50")
    assert second.page.status_code == 409
    assert "On another device “175” was entered" in second.text
    assert claim.lines.get().amount == Decimal(175)


def test_a_first_bill_from_both_is_one_bill(budi: Account) -> None:
    claim = draft(budi)
    first, second = Desk(budi), Desk(budi)
    for one in (first, second):
        one.open(claim, "bills/")
    first.send(claim, "bills/", bill_amount="175")
    second.page = second.send(claim, "bills/", bill_amount="200")
    assert second.page.status_code == 409
    assert claim.lines.get().amount == Decimal(175)


def test_a_bill_that_was_removed_elsewhere_comes_back_only_when_asked(budi: Account, claim: Claim) -> None:
    phone = Desk(budi)
    phone.open(claim, "bills/")
    changed(budi, claim, lines=[])
    assert phone.send(claim, "bills/", diagnosis="batuk").status_code == 302
    assert claim.lines.count() == 0
    phone.page = phone.send(claim, "bills/", bill_amount="200")
    assert phone.page.status_code == 409
    assert claim.lines.count() == 0
    assert phone.send(claim, "bills/", bill_amount="200").status_code == 302
    assert claim.lines.get().amount == Decimal(200)


def test_a_bill_is_not_lost_when_another_was_added_elsewhere(budi: Account, claim: Claim) -> None:
    phone = Desk(budi)
    phone.open(claim, "bills/")
    line = claim.lines.get()
    changed(budi, claim, lines=[bill(budi, id=line.pk), bill(budi, "60")])
    assert phone.send(claim, "bills/", bill_amount="175").status_code == 302
    assert [row.amount for row in claim.lines.all()] == [175, 60]


def test_the_script_learns_what_the_other_device_saved(claim: Claim, phones: tuple[Desk, Desk]) -> None:
    first, second = phones
    first.send(claim, "bills/", provider="Klinik Anggrek")
    answer = second.save(claim, "bills/", diagnosis="batuk")
    assert answer.status_code == 200
    document = answer.json()
    assert document["version"] == reread(claim).version
    assert document["was"]["provider"] == "Klinik Anggrek"
    assert document["theirs"] == {"provider": "Klinik Anggrek"}
    assert document["errors"] == {}
    conflict = second.save(claim, "bills/", provider="RS Harapan")
    assert conflict.status_code == 409
    assert list(conflict.json()["errors"]) == ["provider"]
    refused = second.save(claim, "bills/", bill_amount="150.000")
    assert refused.status_code == 422
    assert "bill_amount" in refused.json()["errors"]


def test_without_originals_an_old_version_asks_and_the_newest_saves(budi: Account, claim: Claim) -> None:
    phone = Desk(budi)
    changed(budi, claim, provider="Klinik Anggrek")
    old = {"version": 1, "provider": "RS Harapan"}
    assert phone.client.post(phone.address(claim, "bills/"), old).status_code == 409
    new = {"version": reread(claim).version, "provider": "RS Harapan"}
    assert phone.client.post(phone.address(claim, "bills/"), new).status_code == 302
    assert reread(claim).provider == "RS Harapan"


def test_the_script_gets_back_only_fields_that_its_page_has(budi: Account, claim: Claim) -> None:
    changed(budi, claim, lines=[bill(budi), bill(budi, "20")])
    phone = Desk(budi)
    phone.open(claim, "bills/")
    changed(budi, claim, lines=[bill(budi)])
    answer = phone.save(claim, "bills/", diagnosis="batuk").json()
    assert set(answer["was"]) == {"treated_on", "provider", "diagnosis"}, "the page has a list, and no fields of a bill"
    assert (answer["line"], answer["errors"], answer["theirs"]) == ("", {}, {})
    changed(budi, claim, benefit="room")
    answer = phone.save(claim, "bills/", diagnosis="demam").json()
    assert "until" not in answer["was"], "the page was made for a visit, and has no last day"


def test_a_page_changes_and_repeats_none_of_the_fields_of_another(budi: Account, claim: Claim) -> None:
    phone = Desk(budi)
    line = claim.lines.get().pk
    phone.open(claim, f"bills/{line}/")
    more = {"provider": "RS Harapan", "diagnosis": "demam", "benefit": "drugs", "pay_to": "x", "was-provider": "x"}
    response = phone.save(claim, f"bills/{line}/", bill_amount="175", **more)
    assert response.status_code == 200
    assert not {"provider", "diagnosis", "benefit", "pay_to"} & set(response.json()["was"])
    assert "RS Harapan" not in response.content.decode()
    kept = reread(claim)
    assert (kept.provider, kept.diagnosis, kept.benefit) == ("Klinik Melati", "", "doctor")
    assert kept.lines.get().amount == Decimal(175)


def test_devices_that_save_all_the_time_are_asked_to_wait_and_nothing_typed_is_lost(
    claim: Claim, phones: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, _other = phones

    def never(**_named: Any) -> Claim:
        raise flows.Stale(reread(claim))

    monkeypatch.setattr(flows, "save", never)
    phone.page = phone.send(claim, "bills/", diagnosis="batuk")
    assert phone.page.status_code == 422
    assert "Another device is saving this claim at the moment" in phone.text
    assert phone.fields["diagnosis"].strip() == "batuk"
