"""An adult without an account lets a relative make claims for them, by a link: who is asked, and how."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from mypolis.foundation.markets import market
from mypolis.foundation.notices.models import Message
from mypolis.membership.accounts.models import ContactPoint
from mypolis.membership.family.claim_consents import flows
from mypolis.membership.family.models import ClaimConsent
from mypolis.membership.people.models import Person
from mypolis.membership.roster.models import BouncedAddress
from tests.family.consenting import ask, claims_for, link_to, relative, states
from tests.family.home import ADDRESS, Asker, account
from tests.post import Post

pytestmark = pytest.mark.django_db


def test_without_consent_nobody_claims_for_a_spouse(mira: Asker, dragan: Person) -> None:
    assert not claims_for(mira, dragan)
    assert states(mira) == {"Dragan": "can_ask"}


@pytest.mark.parametrize("key", ["", "x", "0", "999999", "-1", "9" * 40])
def test_somebody_outside_the_family_is_not_found(mira: Asker, key: str) -> None:
    assert mira.post("claim-consents", {"whose": key}).status_code == 404
    assert mira.press(f"family/claims/{key or 'x'}/ask/").status_code == 404
    assert not ClaimConsent.objects.exists()


def test_neither_strangers_nor_children_nor_the_holder_are_asked(mira: Asker, vera: Asker, dragan: Person) -> None:
    luka = relative("Luka", 9, "child")
    for asker, whom in (
        (mira, vera.account.person),
        (mira, mira.account.person),
        (mira, luka),
        (vera, dragan),
        (Asker(account(dragan)), mira.account.person),
    ):
        assert ask(asker, whom).status_code == 404
    assert not Message.objects.exists()


def test_who_has_an_account_is_not_asked_and_the_member_reads_what_to_do(mira: Asker, dragan: Person) -> None:
    account(dragan)
    refusal = ask(mira, dragan)
    assert (refusal.status_code, refusal.json()["type"].rsplit(":", 1)[-1]) == (409, "own-account")
    assert states(mira) == {"Dragan": "own_account"}
    assert "Ova osoba ima svoj nalog" in mira.page("family/claims/").content.decode()


def test_an_adult_consents_and_not_a_young_relative(mira: Asker) -> None:
    young = relative("Iva", 17, "other")
    assert ask(mira, young).json()["type"].rsplit(":", 1)[-1] == "under-age"
    assert states(mira) == {"Iva": "under_age"}


CONTACTS = {
    "none": {"email": "", "mobile": ""},
    "the asker's own on file": {"email": "MIRA@example.test", "mobile": ""},
    "both the asker's": {"email": "mira@example.test", "mobile": "+381641112222"},
}


@pytest.mark.parametrize("contacts", CONTACTS)
def test_without_a_contact_of_their_own_nobody_is_asked(mira: Asker, dragan: Person, contacts: str) -> None:
    Person.objects.filter(pk=mira.account.person_id).update(mobile="+381641112222")
    for field, value in CONTACTS[contacts].items():
        setattr(dragan, field, value)
    dragan.write_keys()
    dragan.save()
    assert ask(mira, dragan).json()["type"].rsplit(":", 1)[-1] == "no-contact"
    page = mira.page("family/claims/").content.decode()
    assert "tel:" in page
    assert f"/family/claims/{dragan.pk}/ask/" not in page
    assert mira.press(f"family/claims/{dragan.pk}/ask/").status_code == 403
    assert not Message.objects.exists()


def test_a_contact_that_the_asker_added_to_her_account_is_her_own(mira: Asker, dragan: Person) -> None:
    ContactPoint.objects.filter(account=mira.account).update(key=dragan.email, value=dragan.email)
    assert ask(mira, dragan).status_code == 409


def test_an_address_that_bounced_is_not_written_to_and_the_mobile_is_used(mira: Asker, dragan: Person) -> None:
    BouncedAddress.objects.create(market="rs", email_key=dragan.email_key, at=timezone.now())
    assert ask(mira, dragan).status_code == 409
    Person.objects.filter(pk=dragan.pk).update(mobile="+381642223333")
    assert ask(mira, dragan).json()["channel"] == "sms"
    message = Message.objects.get()
    assert (message.channel, message.to) == ("sms", "+381642223333")


def test_the_asker_cannot_say_where_the_link_goes(mira: Asker, dragan: Person, post: Post) -> None:
    body = {"whose": str(dragan.pk), "contact": "mira@example.test"}
    assert mira.post("claim-consents", body).status_code == 422
    pressed = {"contact": "mira@example.test", "email": "mira@example.test"}
    assert mira.press(f"family/claims/{dragan.pk}/ask/", pressed).status_code == 302
    assert [letter.to for letter in post.deliver()] == [dragan.email]


def test_a_market_without_a_text_has_no_such_links(
    mira: Asker, dragan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(market("rs")), "claim_consent_document", None)
    assert states(mira) == {}
    assert ask(mira, dragan).status_code == 404


def test_nobody_is_flooded_with_requests(mira: Asker, dragan: Person, post: Post) -> None:
    for _time in range(3):
        link_to(mira, dragan, post)
    ClaimConsent.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    refusal = ask(mira, dragan)
    assert (refusal.status_code, bool(refusal["Retry-After"])) == (429, True)
    assert mira.press(f"family/claims/{dragan.pk}/ask/").status_code == 429
    assert len(post.to(dragan.email)) == 3
    assert ClaimConsent.objects.filter(ended_at=None).count() == 1, "the last request still waits"


def test_a_member_asks_only_a_few_a_day(mira: Asker) -> None:
    statuses = [ask(mira, relative(f"Uncle{number}", 60, "other")).status_code for number in range(6)]
    assert statuses == [201] * 5 + [429]


def test_pressed_twice_one_message_goes_out(mira: Asker, dragan: Person, post: Post) -> None:
    first, second = ask(mira, dragan).json(), ask(mira, dragan).json()
    assert first == second
    assert len(post.to(dragan.email)) == 1


@pytest.mark.django_db(transaction=True)
def test_asked_twice_at_once_one_request_is_open(mira: Asker, dragan: Person) -> None:
    def press(_number: int) -> None:
        try:
            flows.ask(asker=mira.account, person_key=str(dragan.pk), by=ADDRESS)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(4)))
    assert Message.objects.count() == ClaimConsent.objects.count() == 1
