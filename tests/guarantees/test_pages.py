"""A member's pages: the list, one guarantee, and its letter; and that nobody else sees them."""

import re
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.insurance.guarantees.lifecycle.deciding import refuse, revoke
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.membership.accounts.models import Account
from tests.claims.pages.reading import Reader
from tests.claims.world import cover, today
from tests.guarantees.world import DESK, asked, given, wish
from tests.providers.clinic import clinic


def opened(account: Account, path: str = "") -> Any:
    """A page below `/id/guarantees/`, in English."""
    return Reader(account).client.get(f"/id/guarantees/{path}", headers={"accept-language": "en"})


def test_strangers_are_sent_to_sign_in(budi: Account) -> None:
    found = given(budi)
    for path in ("", f"{found.pk}/", f"{found.pk}/letter.pdf"):
        assert Client().get(f"/id/guarantees/{path}").status_code == 302


def test_other_members_find_nothing(budi: Account, siti: Account) -> None:
    found = given(budi)
    assert found.number not in opened(siti).content.decode()
    for path in (f"{found.pk}/", f"{found.pk}/letter.pdf"):
        assert opened(siti, path).status_code == 404


def test_a_member_without_guarantees_reads_how_to_get_one(budi: Account) -> None:
    assert "No guarantees yet" in opened(budi).content.decode()


def test_a_refusal_shows_its_reason_as_text(budi: Account) -> None:
    found = refuse(guarantee=asked(budi), reason="Please see <b>your</b> doctor.", by=DESK)
    text = opened(budi, f"{found.pk}/").content.decode()
    assert "Please see &lt;b&gt;your&lt;/b&gt; doctor." in text
    assert opened(budi, f"{found.pk}/letter.pdf").status_code == 404


def test_a_member_reads_what_is_paid_what_they_pay_and_what_to_do(budi: Account) -> None:
    found = given(budi, "900")
    assert found.number in opened(budi).content.decode()
    text = opened(budi, f"{found.pk}/").content.decode()
    assert all(part in text for part in ("IDR\u00a0600", "IDR\u00a0300", "What to do at the clinic", "Klinik Melati"))


def test_a_member_opens_the_letter(budi: Account) -> None:
    found = given(budi)
    answer = opened(budi, f"{found.pk}/letter.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def test_the_list_needs_no_more_queries_for_more_rows(budi: Account, django_assert_max_num_queries: Any) -> None:
    for _time in range(5):
        asked(budi)
    reader = Reader(budi)
    reader.client.get("/id/guarantees/")
    with django_assert_max_num_queries(15):
        reader.client.get("/id/guarantees/")


def ask(account: Account, **changes: Any) -> Any:
    """Send the form, for treatment of one day next week."""
    day = wish(account).planned_from.isoformat()
    form = {
        "cover": str(cover(account).pk),
        "benefit": "drugs",
        "provider": "KM-01",
        "provider_name": "",
        "planned_from": day,
        "planned_to": day,
        "expected": "600",
    }
    return Reader(account).post("/id/guarantees/ask/", form | changes)


def test_an_empty_form_asks_for_what_is_missing(budi: Account) -> None:
    answer = Reader(budi).post("/id/guarantees/ask/", {})
    assert answer.status_code == 422
    assert not Guarantee.objects.exists()


def test_what_cannot_be_used_is_said_at_its_field(budi: Account) -> None:
    answer = ask(budi, provider="")
    assert (answer.status_code, "Choose a clinic, or type its name." in answer.content.decode()) == (422, True)
    answer = ask(budi, planned_to="2001-01-01")
    assert (answer.status_code, "The last day is before the first." in answer.content.decode()) == (422, True)
    assert not Guarantee.objects.exists()


def test_nobody_asks_for_the_cover_of_a_stranger(budi: Account, siti: Account) -> None:
    assert ask(siti, cover=str(cover(budi).pk)).status_code == 422
    assert not Guarantee.objects.exists()


def test_a_member_asks_and_reads_their_request(budi: Account) -> None:
    answer = ask(budi)
    made = Guarantee.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/id/guarantees/{made.pk}/")
    assert (made.state, made.expected, made.provider_name) == ("asked", 600, "Klinik Melati")
    assert "Asked for" in opened(budi, f"{made.pk}/").content.decode()


def test_whoever_can_ask_for_one_person_only_need_not_choose(budi: Account) -> None:
    page = opened(budi, "ask/").content.decode()
    assert re.search(rf'value="{cover(budi).pk}"[^>]*checked', page)


def test_html_in_the_name_of_a_clinic_is_text_in_the_list(budi: Account) -> None:
    clinic("X", "<i>Clinic</i>")
    assert "&lt;i&gt;Clinic&lt;/i&gt;" in opened(budi, "ask/").content.decode()


# Home


def test_home_shows_letters_that_hold_and_nothing_else(budi: Account) -> None:
    asked(budi)
    revoke(guarantee=given(budi, "100"), code="cancelled", by=DESK)
    reader = Reader(budi)
    assert (
        "Your guarantee letters"
        not in reader.client.get("/id/home/", headers={"accept-language": "en"}).content.decode()
    )
    found = given(budi, "100")
    page = reader.client.get("/id/home/", headers={"accept-language": "en"}).content.decode()
    assert "Your guarantee letters" in page
    assert f"/id/guarantees/{found.pk}/" in page
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        assert not Guarantee.objects.standing_on(today(budi)).exists()


def test_html_in_the_name_of_a_clinic_is_text_at_home(budi: Account) -> None:
    found = given(budi, "100")
    Guarantee.objects.filter(pk=found.pk).update(provider_name="<i>Clinic</i>")
    page = Reader(budi).client.get("/id/home/").content.decode()
    assert "&lt;i&gt;Clinic&lt;/i&gt;" in page
