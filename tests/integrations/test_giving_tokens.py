"""Giving a token at the desk: one administrator proposes it and copies its text, another makes it work."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.doors.integrations import giving
from mypolis.doors.integrations.models import PartnerToken
from mypolis.foundation.events.models import Event
from mypolis.foundation.rooms import Role
from mypolis.foundation.staff.models import Approval
from tests.journeys.test_races import at_once
from tests.staff.world import Colleague, at_desk, colleague
from tests.test_query_counts import asked

pytestmark = pytest.mark.django_db

NEW = "/desk/rs/partners/new/"
SHOWN = re.compile(r"mypolis-partner-[\w-]{43}")


@pytest.fixture
def ana() -> Colleague:
    """An administrator."""
    return colleague("Ana", "administrator")


@pytest.fixture
def olga() -> Colleague:
    """Another administrator."""
    return colleague("Olga", "administrator")


def form(**changes: object) -> dict[str, object]:
    """What the form says: a token for the core system, for a week."""
    return {"partner": "core", "may": ["plan-books", "claims"], "days": "7", "form": str(uuid4()), **changes}


def given(browser: Client, **changes: object) -> str:
    """Propose a token. Returns the text that the page shows."""
    page = browser.post(NEW, form(**changes))
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    (text,) = set(SHOWN.findall(page.content.decode()))
    return text


def is_in(text: str, market: str = "rs") -> bool:
    answer = Client().get(f"/api/v1/{market}/partner", headers={"authorization": f"Bearer {text}"})
    return answer.status_code == 200


def decide(one: Colleague, decision: str = "approve") -> int:
    """Somebody decides the newest proposal. Returns the status."""
    newest = Approval.objects.latest("pk")
    return at_desk(one).post(f"/desk/rs/approvals/{newest.pk}/decide/", {"decision": decision}).status_code


@pytest.mark.parametrize("role", ["agent", "operator", "senior-assessor", "editor", "auditor"])
def test_other_roles_give_no_token_and_approve_none(ana: Colleague, role: Role) -> None:
    vuk = colleague("Vuk", role)
    assert at_desk(vuk).get(NEW).status_code == 404
    assert at_desk(vuk).post(NEW, form()).status_code == 404
    text = given(at_desk(ana))
    assert decide(vuk) == 404
    assert not is_in(text)


def test_giving_needs_a_factor_that_was_just_shown_and_keeps_every_tick(ana: Colleague) -> None:
    browser = at_desk(ana, minutes_ago=6)
    asks = browser.post(NEW, form())
    assert asks.status_code == 403
    for kept in ('name="may" value="plan-books"', 'name="may" value="claims"', 'name="days" value="7"'):
        assert kept in asks.content.decode()
    assert not Approval.objects.exists()


def test_one_administrator_alone_gives_no_token(ana: Colleague) -> None:
    text = given(at_desk(ana))
    assert decide(ana) == 422
    assert not is_in(text)
    assert not PartnerToken.objects.exists()


def test_a_token_works_from_the_approval_for_its_rights_market_and_days(ana: Colleague, olga: Colleague) -> None:
    text = given(at_desk(ana))
    assert decide(olga) == 302
    assert (is_in(text), is_in(text, "id")) == (True, False)
    token = PartnerToken.objects.get()
    assert (token.partner, token.may) == ("core", ["claims", "plan-books"])
    assert token.ends_at - token.issued_at == timedelta(days=7)
    assert Event.objects.get(kind="partner.token_issued").actor_id == str(olga.account.pk)


@pytest.mark.parametrize("decision", ["reject", "withdraw"])
def test_a_token_that_was_not_approved_never_works(ana: Colleague, olga: Colleague, decision: str) -> None:
    text = given(at_desk(ana))
    newest = Approval.objects.latest("pk")
    who = ana if decision == "withdraw" else olga
    answers = {"decision": decision, "reason": "Nobody knows this program"}
    assert at_desk(who).post(f"/desk/rs/approvals/{newest.pk}/decide/", answers).status_code == 302
    assert not is_in(text)


def test_a_right_that_is_gone_by_the_approval_gives_no_token(
    ana: Colleague, olga: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = given(at_desk(ana))
    monkeypatch.setattr("mypolis.doors.integrations.flows.partner_rights", lambda: {"plan-books": ""})
    decide(olga)
    assert Approval.objects.get().state == "stale"
    assert not is_in(text)


def test_the_text_is_shown_once_and_is_nowhere_afterwards(ana: Colleague, olga: Colleague) -> None:
    browser, said = at_desk(ana), form()
    first = browser.post(NEW, said)
    (text,) = set(SHOWN.findall(first.content.decode()))
    waits = Approval.objects.get()
    again = browser.post(NEW, said)
    assert (again.status_code, again["Location"]) == (302, f"/desk/rs/approvals/{waits.pk}/")
    decide(olga)
    assert browser.post(NEW, said).status_code == 302, "also when it was approved meanwhile"
    assert Approval.objects.count() == PartnerToken.objects.count() == 1
    assert text not in str(Approval.objects.get().payload)
    for page in (again["Location"], "/desk/rs/partners/", "/desk/rs/approvals/", NEW):
        for one in (ana, olga):
            assert text not in at_desk(one).get(page).content.decode()
    assert not any(text in str(event.facts) for event in Event.objects.all())


def test_another_form_with_the_same_contents_is_another_token(ana: Colleague) -> None:
    browser = at_desk(ana)
    assert given(browser) != given(browser)
    assert Approval.objects.count() == 2


def test_a_form_that_is_used_again_for_another_partner_is_another_token(ana: Colleague) -> None:
    browser, key = at_desk(ana), str(uuid4())
    assert given(browser, form=key) != given(browser, form=key, partner="billing")


@pytest.mark.parametrize("key", ["", "x", "\x00", "9" * 5_000])
def test_a_form_without_a_key_of_ours_still_gives_one_token(ana: Colleague, key: str) -> None:
    given(at_desk(ana), form=key)
    assert Approval.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_gives_one_token(ana: Colleague) -> None:
    wish: dict[str, Any] = {"partner": "core", "may": ["claims"], "life": timedelta(days=7), "form": uuid4()}

    def propose() -> str:
        return giving.propose_token(market="rs", proposer=ana.account, by=ana.actor, **wish).text

    texts = at_once(propose, propose)
    assert sorted(map(bool, texts)) == [False, True]
    assert Approval.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"partner": ""}, "Short name of the partner: please fill this in."),
        ({"partner": "Core System"}, "Use only small Latin letters"),
        ({"partner": "<b>core</b>"}, "Use only small Latin letters"),
        ({"partner": "core\u202ex"}, "remove the characters"),
        ({"partner": "a" * 41}, "at most 40 characters"),
        ({"may": []}, "Please choose at least one."),
        ({"may": ["everything"]}, "Please choose from the list."),
        ({"may": ["plan-books", "card-checks"]}, "Please choose from the list."),
        ({"days": "0"}, "from 1 to 400"),
        ({"days": "401"}, "from 1 to 400"),
        ({"days": "-3"}, "from 1 to 400"),
        ({"days": "1.5"}, "from 1 to 400"),
        ({"days": "9" * 5_000}, "from 1 to 400"),
        ({"days": "\x00"}, "from 1 to 400"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_keeps_the_rest(
    ana: Colleague, changes: dict[str, object], says: str
) -> None:
    answer = at_desk(ana).post(NEW, form(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    if "days" not in changes:
        assert 'value="7"' in page
    if "may" not in changes:
        assert len(re.findall(r"value=\"(?:plan-books|claims)\"[^>]*checked", page)) == 2
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Read sent claims with their files"),
        ("sr-latn", "Čita poslate zahteve"),
        ("id", "Membaca klaim terkirim"),
        ("ru", "Читать отправленные"),
    ],
)
def test_rights_are_words_in_the_readers_language_on_every_page(
    ana: Colleague, olga: Colleague, language: str, words: str
) -> None:
    browser = at_desk(ana)
    browser.cookies["language-all"] = language
    assert words in browser.get(NEW).content.decode()
    waits = browser.post(NEW, form())
    assert waits.status_code == 200
    decide(olga)
    number = PartnerToken.objects.get().pk
    newest = Approval.objects.get().pk
    for page in ("/desk/rs/partners/", f"/desk/rs/partners/{number}/end/", f"/desk/rs/approvals/{newest}/"):
        shown = browser.get(page).content.decode()
        assert words in shown
        assert "plan-books" not in shown


def test_a_right_that_no_room_declares_any_more_is_shown_by_its_name(ana: Colleague) -> None:
    now = timezone.now()
    PartnerToken.objects.create(
        market="rs", partner="old", may=["faxes"], token_hash=b"x" * 32, issued_at=now, ends_at=now + timedelta(days=1)
    )
    assert "faxes" in at_desk(ana).get("/desk/rs/partners/").content.decode()


def test_the_pages_take_at_most_fifteen_statements(ana: Colleague) -> None:
    browser = at_desk(ana)
    with asked() as found:
        browser.get(NEW)
    assert len(found) <= 15
