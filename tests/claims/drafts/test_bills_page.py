"""The page of treatment and bill: nothing typed is lost, nothing is guessed."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from mypolis.insurance.claims.drafts.flows import MOST_LINES, discard
from mypolis.insurance.claims.drafts.pages.form_fields import PROBLEMS_OF_BILLS, AmountField
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.claims.drafts.desk import Desk, day
from tests.claims.world import actor, bank_account, bill, changed, draft, reread, sent, today


@pytest.fixture
def claim(budi: Account) -> Claim:
    """A draft for a visit to the doctor."""
    return draft(budi)


@pytest.fixture
def desk(budi: Account, claim: Claim) -> Desk:
    """The member at the page of treatment and bill."""
    found = Desk(budi)
    found.open(claim, "bills/")
    return found


def days_ago(account: Account, count: int) -> date:
    return today(account) - timedelta(days=count)


def boxes(name: str, when: date) -> dict[str, object]:
    return day(name, when.year, when.month, when.day)


def test_somebody_elses_draft_is_not_found(siti: Account, claim: Claim) -> None:
    theirs = Desk(siti)
    for part in ("documents/", "bills/", f"bills/{uuid4()}/", "pay/", "review/", "discard/"):
        assert theirs.open(claim, part).status_code == 404, part
        assert theirs.send(claim, part).status_code == 404, part
    assert theirs.client.post(theirs.address(claim, f"bills/{uuid4()}/remove/")).status_code == 404
    assert Claim.objects.filter(pk=claim.pk).exists()


@pytest.mark.parametrize("digits", ["9" * 20, "9" * 5_000], ids=["20", "5000"])
def test_numbers_of_any_length_show_the_form_again(budi: Account, claim: Claim, desk: Desk, digits: str) -> None:
    for field in ("version", "count", "amount"):
        desk.open(claim, "bills/")
        assert desk.send(claim, "bills/", **{field: digits}).status_code in (302, 409, 422), field


def test_a_draft_that_was_discarded_elsewhere_is_not_found(budi: Account, claim: Claim, desk: Desk) -> None:
    discard(account=budi, claim=claim.pk, by=actor(budi))
    assert desk.send(claim, "bills/", provider="Klinik Melati").status_code == 404


def test_a_claim_that_was_sent_elsewhere_leads_to_its_page(budi: Account) -> None:
    claim = sent(budi)
    desk = Desk(budi)
    for part in ("documents/", "bills/", "pay/", "review/", "discard/"):
        assert desk.open(claim, part)["location"] == f"/id/claims/{claim.pk}/"
        assert desk.send(claim, part, then="continue")["location"] == f"/id/claims/{claim.pk}/"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("150.000", "“150.000” can mean 150 or 150000"),
        ("150,000", "“150,000” can mean 150 or 150000"),
        ("0", "above zero"),
        ("-20", "refunded"),
        ("1000000000000", "number of zeros"),
        ("1e12", "in digits"),
        ("a lot", "in digits"),
        ("a lot", "More about this bill"),
    ],
)
def test_a_sum_that_is_unclear_stays_on_the_page_and_is_not_saved(
    claim: Claim, desk: Desk, typed: str, said: str
) -> None:
    desk.page = desk.send(claim, "bills/", bill_amount=typed, provider="Klinik Melati")
    assert desk.page.status_code == 422
    assert said in desk.text
    assert desk.fields["bill_amount"] == typed
    kept = reread(claim)
    assert (kept.provider, kept.lines.count()) == ("Klinik Melati", 0), "what could be read is saved"


@pytest.mark.parametrize(("language", "small"), [("en", "3.5"), ("id", "3,5"), ("ru", "3,5")])
def test_both_readings_of_a_sum_are_written_as_in_the_readers_language(language: str, small: str) -> None:
    with translation.override(language), pytest.raises(ValidationError) as refused:
        AmountField(currency="IDR").to_python("3.500")
    assert f" {small} " in refused.value.message % refused.value.params


@pytest.mark.parametrize("typed", ["a lot", "-20", "0"])
def test_a_sum_that_is_on_no_bill_is_refused_without_advice_about_bills(typed: str) -> None:
    for field, is_of_a_bill in (
        (AmountField(currency="IDR"), False),
        (AmountField(currency="IDR", problems=PROBLEMS_OF_BILLS), True),
    ):
        with pytest.raises(ValidationError) as refused:
            field.to_python(typed)
        named = "More about this bill" in refused.value.message or "refunded" in refused.value.message
        assert named is (is_of_a_bill and typed != "0")


def test_how_to_type_a_sum_is_said_before_it_goes_wrong(desk: Desk) -> None:
    assert "No point or comma between thousands" in desk.text


@pytest.mark.parametrize("typed", ["150000", "150 000", "150.000,00", "150,000.00", "Rp 150000"])
def test_a_clear_sum_is_saved(claim: Claim, desk: Desk, typed: str) -> None:
    assert desk.send(claim, "bills/", bill_amount=typed).status_code == 302
    line = claim.lines.get()
    assert (line.amount, line.currency, line.benefit, line.read_from) == (Decimal(150000), "IDR", "doctor", "typed")


def test_a_day_in_the_future_is_refused(budi: Account, claim: Claim, desk: Desk) -> None:
    desk.page = desk.send(claim, "bills/", **boxes("treated_on", days_ago(budi, -1)))
    assert desk.page.status_code == 422
    assert "This day is in the future" in desk.text
    assert reread(claim).treated_on is None


@pytest.mark.parametrize("typed", [(2026, 2, 29), (2026, 13, 1), (2026, "", 1), ("26", 2, 1), ("x", "y", "z")])
def test_a_day_that_does_not_exist_stays_on_the_page(claim: Claim, desk: Desk, typed: tuple[object, ...]) -> None:
    desk.page = desk.send(claim, "bills/", **day("treated_on", *typed))
    assert desk.page.status_code == 422
    assert desk.fields["treated_on_day"] == str(typed[2])
    assert reread(claim).treated_on is None


def test_29_february_of_a_leap_year_is_a_day(claim: Claim, desk: Desk) -> None:
    assert desk.send(claim, "bills/", **day("treated_on", 2024, 2, 29)).status_code == 302
    assert reread(claim).treated_on == date(2024, 2, 29)


def test_control_characters_are_refused(claim: Claim, desk: Desk) -> None:
    desk.page = desk.send(claim, "bills/", provider="Kli\u202enik", diagnosis="a\x00b")
    assert desk.page.status_code == 422
    assert (reread(claim).provider, reread(claim).diagnosis) == ("", "")


def test_the_bill_has_the_day_of_treatment_until_it_gets_its_own(budi: Account, claim: Claim, desk: Desk) -> None:
    desk.send(claim, "bills/", **boxes("treated_on", days_ago(budi, 5)), bill_amount="100")
    assert claim.lines.get().date == days_ago(budi, 5)
    desk.open(claim, "bills/")
    assert desk.fields["bill_date_day"] == ""
    desk.send(claim, "bills/", **boxes("treated_on", days_ago(budi, 6)))
    assert claim.lines.get().date == days_ago(budi, 6), "it follows"
    desk.open(claim, "bills/")
    desk.send(claim, "bills/", **boxes("bill_date", days_ago(budi, 2)))
    desk.open(claim, "bills/")
    desk.send(claim, "bills/", **boxes("treated_on", days_ago(budi, 7)))
    assert claim.lines.get().date == days_ago(budi, 2), "a day of its own stays"


def test_a_stay_has_two_days_and_its_bill_covers_them(budi: Account) -> None:
    claim = draft(budi, "room")
    desk = Desk(budi)
    desk.open(claim, "bills/")
    first, last = days_ago(budi, 6), days_ago(budi, 3)
    desk.page = desk.send(claim, "bills/", **boxes("treated_on", last), **boxes("until", first), bill_amount="9")
    assert "The last day is before the first" in desk.text
    desk.open(claim, "bills/")
    desk.send(claim, "bills/", **boxes("treated_on", first), **boxes("until", last))
    line = claim.lines.get()
    assert (line.date, line.until) == (first, last)


def test_continue_leads_to_what_is_still_open(budi: Account, claim: Claim, desk: Desk) -> None:
    assert desk.send(claim, "bills/")["location"].startswith("/id/bank-account/?return_to=draft")
    bank_account(budi)
    assert desk.send(claim, "bills/")["location"] == f"/id/claims/{claim.pk}/pay/"
    changed(budi, claim, pay_to=bank_account(budi).pk)
    desk.open(claim, "bills/")
    assert desk.send(claim, "bills/")["location"] == f"/id/claims/{claim.pk}/review/"
    assert desk.send(claim, "bills/", then="later")["location"] == "/id/claims/"


def test_nothing_typed_adds_no_bill(claim: Claim, desk: Desk) -> None:
    desk.send(claim, "bills/")
    assert claim.lines.count() == 0
    assert reread(claim).version == 1


def test_a_second_bill_has_its_own_page(budi: Account, claim: Claim, desk: Desk) -> None:
    added = desk.send(claim, "bills/", bill_amount="100", then="add")["location"]
    part = added.partition(f"{claim.pk}/")[2]
    desk.open(claim, part)
    for _time in range(2):
        desk.send(claim, part, bill_amount="200", bill_currency="EUR", bill_text="Obat")
    assert [(line.amount, line.currency) for line in claim.lines.all()] == [(100, "IDR"), (200, "EUR")]
    desk.open(claim, "bills/")
    assert "Obat" in desk.text
    assert "EUR" in desk.text
    assert "bill_amount" not in desk.fields
    second = claim.lines.last()
    assert second is not None
    for _time in range(2):
        desk.client.post(desk.address(claim, f"bills/{second.pk}/remove/"))
    assert [line.amount for line in claim.lines.all()] == [100]


def test_a_claim_takes_a_bounded_number_of_bills(budi: Account, claim: Claim, desk: Desk) -> None:
    changed(budi, claim, lines=[bill(budi)] * MOST_LINES)
    part = f"bills/{uuid4()}/"
    desk.open(claim, part)
    desk.page = desk.send(claim, part, bill_amount="7")
    assert desk.page.status_code == 422
    assert "A claim can have 50 bills" in desk.text
    assert claim.lines.count() == MOST_LINES


def test_the_bill_of_another_claim_is_pointed_out_with_a_link(budi: Account, claim: Claim, desk: Desk) -> None:
    earlier = sent(budi, bill(budi, number="KW-77", amount="150"))
    when = earlier.lines.get().date
    assert when is not None
    desk.send(
        claim, "bills/", provider="Klinik Melati", bill_amount="150", bill_number="kw 77", **boxes("treated_on", when)
    )
    for part in ("bills/", "review/"):
        desk.open(claim, part)
        assert str(earlier.number) in desk.text
        assert f"/id/claims/{earlier.pk}/" in desk.page.content.decode()


def test_the_same_stay_is_chosen_from_earlier_claims(budi: Account) -> None:
    earlier = sent(budi)
    claim = draft(budi, "room")
    desk = Desk(budi)
    desk.open(claim, "bills/")
    assert earlier.number in desk.text
    desk.send(claim, "bills/", bill_amount="9", bill_same_case_as=str(earlier.pk))
    assert claim.lines.get().same_case_as == earlier
    desk.open(claim, "bills/")
    desk.page = desk.send(claim, "bills/", bill_same_case_as=str(uuid4()))
    assert desk.page.status_code == 422


def test_a_missing_field_of_the_request_changes_nothing(budi: Account, claim: Claim, desk: Desk) -> None:
    changed(budi, claim, provider="Klinik Melati", lines=[bill(budi)])
    desk.open(claim, "bills/")
    sent_ = {name: desk.fields[name] for name in ("version", "line", "was-diagnosis")}
    desk.client.post(desk.address(claim, "bills/"), {**sent_, "diagnosis": "batuk"})
    kept = reread(claim)
    assert (kept.provider, kept.diagnosis, kept.lines.get().amount) == ("Klinik Melati", "batuk", 150)
