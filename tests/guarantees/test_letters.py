"""The letter of a guarantee: on paper, and verified live by whoever has its code, without telling what it is about."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import time_machine
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from mypolis.foundation.events.models import Event
from mypolis.foundation.files.flows import open_file
from mypolis.foundation.lib.crypto.tokens import hash_token
from mypolis.insurance.guarantees.letters.letters import newest_paper
from mypolis.insurance.guarantees.lifecycle.deciding import Terms, extend, revoke, write_letter
from mypolis.insurance.guarantees.lifecycle.states import State
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeLetter
from mypolis.membership.accounts.models import Account
from tests.guarantees.world import DESK, asked, billed, given
from tests.providers.clinic import clinic

CODE = "abcd-efgh-jkmn-pqrs-tuvw-xyz2-3456-789a"


def with_code(guarantee: Guarantee, code: str = CODE) -> Guarantee:
    """Give the newest letter a code that the test knows."""
    letter = guarantee.letters.latest("pk")
    GuaranteeLetter.objects.filter(pk=letter.pk).update(code_hash=hash_token(code))
    return guarantee


def scanned(code: str = CODE, market: str = "id") -> Any:
    """What a clinic gets that scans the code."""
    client = Client(REMOTE_ADDR="198.51.100.9")
    return client.get(f"/{market}/g/{code}", headers={"accept-language": "en"})


def test_an_unknown_code_and_one_of_another_market_say_nothing(budi: Account) -> None:
    with_code(given(budi))
    assert scanned("guess").status_code == 404
    assert scanned(market="ru").status_code == 404
    assert scanned(str(Guarantee.objects.get().number)).status_code == 404


def test_a_request_has_no_letter(budi: Account) -> None:
    assert newest_paper(asked(budi)) is None


def test_the_page_says_what_holds_and_nothing_about_illness_or_the_name(budi: Account) -> None:
    found = with_code(given(budi, "600"))
    text = scanned().content.decode()
    assert "This guarantee holds" in text
    assert all(part in text for part in (found.number, "B. S.", "Klinik Melati", "600"))
    assert not any(part in text for part in ("Budi", "Santoso", "Drugs", "drugs", "GRP-88"))


def test_html_in_the_name_of_a_clinic_is_text(budi: Account) -> None:
    found = given(budi)
    Guarantee.objects.filter(pk=found.pk).update(provider_name="<script>alert(1)</script>")
    with_code(found)
    text = scanned().content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert(1)" not in text


def test_a_revoked_letter_says_so_at_once(budi: Account) -> None:
    found = with_code(given(budi, "600"))
    revoke(guarantee=found, reason="A secret reason.", by=DESK)
    text = scanned().content.decode()
    assert "does not hold now" in text
    assert "It was revoked" in text
    assert "600" not in text
    assert "secret" not in text


def test_an_expired_and_a_used_letter_do_not_hold(budi: Account) -> None:
    found = with_code(given(budi, "600"))
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        assert "does not hold now" in scanned().content.decode()
    billed(budi, found, "100", is_last=True)
    assert "used up" in scanned().content.decode()


def test_an_older_letter_shows_what_holds_now(budi: Account) -> None:
    found = with_code(given(budi, "200"))
    extend(guarantee=found, expected=Decimal(350), by=DESK)
    text = scanned().content.decode()
    assert "A newer letter replaces this one" in text
    assert "350" in text


def test_a_printed_letter_that_is_checked_over_and_over_is_cheap_and_stays_right(
    budi: Account, django_assert_max_num_queries: Any
) -> None:
    found = with_code(given(budi, "600"))
    with time_machine.travel(timezone.now(), tick=False):
        scanned()
        with django_assert_max_num_queries(5 * 1_000) as counted:
            assert {scanned().status_code for _time in range(1_000)} == {200}
        assert_writes_nothing(counted)
    assert Event.objects.filter(kind="guarantee.letter_checked").count() == 1
    revoke(guarantee=found, reason="Cancelled.", by=DESK)
    assert "It was revoked" in scanned().content.decode()


def test_a_letter_that_is_checked_over_and_over_locks_nobody_out(budi: Account) -> None:
    with_code(given(budi, "100"))
    other = "zzzz-efgh-jkmn-pqrs-tuvw-xyz2-3456-789a"
    with_code(given(budi, "200"), other)
    assert {scanned().status_code for _time in range(200)} == {200}
    assert scanned(other).status_code == 200
    assert scanned("a-guess-from-the-same-network").status_code == 404


def assert_writes_nothing(counted: CaptureQueriesContext) -> None:
    """No rows were inserted; the one update per check finds nothing to change."""
    assert [query["sql"] for query in counted.captured_queries if query["sql"].startswith("INSERT")] == []


def test_the_paper_says_what_the_clinic_needs_and_leads_to_the_page(budi: Account) -> None:
    found = given(budi, "900")
    paper = newest_paper(found)
    assert paper is not None
    letter, file = paper
    assert (letter.kind, letter.language) == ("given", "id")
    pages = PdfReader(BytesIO(b"".join(open_file(file=file, owner=letter, by=DESK)))).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())
    assert all(part in text for part in (found.number, "Budi Santoso", "Klinik Melati", "600", "300"))
    (code,) = re.findall(r"/id/g/([a-z0-9-]{39})", text.replace(" ", ""))
    assert scanned(code).status_code == 200


def test_markup_in_the_name_of_a_clinic_and_in_conditions_is_text_on_paper(budi: Account) -> None:
    asked_for = asked(budi, provider=clinic("X-1", "<b>Klinik</b> #strong[Melati]", "inner"))
    terms = Terms(conditions="*Only* a #room for two.")
    found = write_letter(guarantee=asked_for, to=State.GIVEN, terms=terms, by=DESK)
    letter, file = newest_paper(found) or (None, None)
    assert letter is not None
    assert file is not None
    pages = PdfReader(BytesIO(b"".join(open_file(file=file, owner=letter, by=DESK)))).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    assert "<b>Klinik</b>#strong[Melati]" in text
    assert "*Only*a#roomfortwo." in text
