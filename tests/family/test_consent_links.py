"""Behind the link of a consent to claims: agreeing, declining, ending it, and what it opens."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import all_markets, market
from mypolis.membership.consents.documents import document
from mypolis.membership.family.access import NotSeen, claimable, may_claim, record_viewing
from mypolis.membership.family.claim_consents import flows
from mypolis.membership.family.jobs import forget_requests
from mypolis.membership.family.models import ClaimConsent
from mypolis.membership.people.models import Membership, Person
from tests.family.consenting import answer, ask, claims_for, link_to, relative, states
from tests.family.giving import give_mandate
from tests.family.home import ADDRESS, Asker, account, aged, insure, person, policy
from tests.house.pages.test_pages import assert_guarded, assert_well_made
from tests.post import Post
from tests.test_query_counts import asked

pytestmark = pytest.mark.django_db


WRONG = ["x", "h7kq-2mzp-x4da-w9tb", "%00", "a" * 300, "٣٣٣٣"]


@pytest.mark.parametrize("token", WRONG)
def test_who_guesses_a_link_learns_nothing_and_changes_nothing(mira: Asker, dragan: Person, token: str) -> None:
    ask(mira, dragan)
    for said in ("agree", "decline", "end"):
        page = answer(f"/rs/claim-consent/{token}", said)
        assert page.status_code == 404
        assert "Mira" not in page.content.decode()
    assert Client().get(f"/rs/claim-consent/{token}").status_code == 404
    assert ClaimConsent.objects.get().state_at(timezone.now()) == "asked"


def test_a_link_of_another_market_is_unknown(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    assert Client().get(path.replace("/rs/", "/ru/")).status_code == 404


def test_guessing_is_limited_and_right_links_still_open(mira: Asker, dragan: Person, post: Post, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": 0.03})
    path, client = link_to(mira, dragan, post), Client(REMOTE_ADDR="198.51.100.7")
    assert [client.get(f"/rs/claim-consent/{number}").status_code for number in range(4)] == [404] * 3 + [429]
    assert client.get(path).status_code == 200


def test_opening_the_link_changes_nothing(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    before, events = ClaimConsent.objects.values().get(), Event.objects.count()
    for method in ("get", "head"):
        page = getattr(Client(), method)(path)
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "strict-origin"
    assert (ClaimConsent.objects.values().get(), Event.objects.count()) == (before, events)
    assert not claims_for(mira, dragan)


def test_an_answer_needs_the_csrf_token(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    assert answer(path, "agree", client=Client(enforce_csrf_checks=True)).status_code == 403
    assert states(mira) == {"Dragan": "asked"}


def test_the_message_and_the_page_are_in_the_persons_language(mira: Asker, dragan: Person, post: Post) -> None:
    Person.objects.filter(pk=dragan.pk).update(language="en")
    link_to(mira, dragan, post)
    assert "Read and decide" in post.to(dragan.email)[0].text


def test_who_agrees_lets_the_asker_claim_and_both_know_it(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    page = Client().get(path, headers={"accept-language": "sr-latn"}).content.decode()
    assert "Mira Marić" in page
    assert document("rs", "claim-consent", "sr-latn").digest in page
    client = Client(REMOTE_ADDR="198.51.100.7", headers={"user-agent": "a telephone"})
    assert answer(path, "agree", client=client).status_code == 302
    assert claims_for(mira, dragan)
    found = may_claim(mira.account, str(dragan.memberships.get().pk))
    consent = ClaimConsent.objects.get()
    text = document("rs", "claim-consent", "sr-latn")
    assert (found.role, found.consent, found.bases) == ("consent", consent, {consent.pk})
    assert (consent.version, consent.language, consent.digest) == (text.version, "sr-latn", text.digest)
    assert (consent.address, consent.client) == ("198.51.100.7", "a telephone")
    assert post.to("mira@example.test")[0].template == "claim-consent-given"
    assert "Dragan" in post.to("mira@example.test")[0].text
    assert states(mira) == {}
    assert "Dragan" in mira.page("family/claims/").content.decode()
    assert ask(mira, dragan).json()["state"] == "active", "asking again changes nothing"
    kinds = Event.objects.filter(kind__startswith="claim_consent.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["claim_consent.asked", "claim_consent.given"]


def test_it_opens_claims_and_no_cover_or_card(mira: Asker, dragan: Person, post: Post) -> None:
    answer(link_to(mira, dragan, post), "agree")
    assert mira.seen() == {"Dragan": ("holder", "name")}
    for path in ("cover", "cards", "policies"):
        assert mira.get(f"{path}?whose={dragan.pk}").status_code == 404


def test_a_newer_text_is_not_shown_as_the_one_that_was_agreed_to(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    answer(path, "agree")
    assert 'class="prose"' in Client().get(path).content.decode()
    ClaimConsent.objects.update(version="2020-01-01")
    page = Client().get(path).content.decode()
    assert 'class="prose"' not in page
    assert 'value="end"' in page


def test_agreeing_twice_is_once(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    for _time in range(2):
        assert answer(path, "agree").status_code == 302
    assert [letter.template for letter in post.to("mira@example.test")] == ["claim-consent-given"]


def test_to_another_text_than_the_shown_one_nobody_agrees(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    for text in ("", "0" * 64):
        page = answer(path, "agree", text=text)
        assert page.status_code == 422
        assert "Tekst se promenio" in page.content.decode()
    assert not claims_for(mira, dragan)


def test_nonsense_as_an_answer_changes_nothing(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    for said in ("", "yes", "end"):
        assert answer(path, said).status_code == 302
    assert states(mira) == {"Dragan": "asked"}


def test_who_declines_is_not_claimed_for_and_may_be_asked_anew(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    for _time in range(2):
        assert answer(path, "decline").status_code == 302
    assert [letter.template for letter in post.to("mira@example.test")] == ["claim-consent-declined"]
    assert answer(path, "agree").status_code == 302
    assert not claims_for(mira, dragan), "the answer stands"
    assert states(mira) == {"Dragan": "declined"}
    assert answer(link_to(mira, dragan, post), "agree").status_code == 302
    assert claims_for(mira, dragan)


def test_a_link_expires_and_a_new_one_replaces_it(mira: Asker, dragan: Person, post: Post) -> None:
    old = link_to(mira, dragan, post)
    ClaimConsent.objects.update(expires_at=timezone.now())
    page = Client().get(old)
    assert page.status_code == 410
    answer(old, "agree")
    assert states(mira) == {"Dragan": "unanswered"}
    new = link_to(mira, dragan, post)
    assert answer(old, "agree").status_code == 302
    assert not claims_for(mira, dragan)
    answer(new, "agree")
    assert claims_for(mira, dragan)


def test_requests_that_led_to_nothing_are_forgotten_and_consents_are_not(
    mira: Asker, dragan: Person, post: Post
) -> None:
    answer(link_to(mira, dragan, post), "agree")
    answer(link_to(mira, relative("Ana", 40), post), "decline")
    link_to(mira, relative("Eva", 40), post)
    for days, left in ((399, 3), (401, 1)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            forget_requests.func(0)
        assert ClaimConsent.objects.count() == left
    assert claims_for(mira, dragan)
    assert Event.objects.get(kind="claim_consent.requests_forgotten").facts == {"deleted": 2}


def test_who_consented_and_has_an_account_now_sees_that_their_claims_were_opened(
    mira: Asker, dragan: Person, post: Post
) -> None:
    answer(link_to(mira, dragan, post), "agree")
    for found in claimable(mira.account):
        record_viewing(mira.account, found, "claims", by=ADDRESS)
    asker = Asker(account(dragan))
    (viewing,) = asker.get("family/seers").json()["viewings"]
    assert (viewing["name"], viewing["seen_as"], viewing["what"]) == ("Mira Marić", "consent", "claims")
    assert mira.get("family/seers").json()["viewings"] == [], "one's own are not recorded"


def test_fourteen_days_is_the_time_to_answer(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    ClaimConsent.objects.update(asked_at=timezone.now())
    with time_machine.travel(timezone.now() + flows.REQUEST_LIFE - timedelta(minutes=1)):
        assert Client().get(path).status_code == 200
    with time_machine.travel(timezone.now() + flows.REQUEST_LIFE + timedelta(minutes=1)):
        assert Client().get(path).status_code == 410


def test_with_the_same_link_the_person_ends_it_even_much_later(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    answer(path, "agree")
    with time_machine.travel(timezone.now() + timedelta(days=300)):
        assert Client().get(path).status_code == 200
        for _time in range(2):
            assert answer(path, "end").status_code == 302
        assert not claims_for(mira, dragan)
    assert [letter.template for letter in post.to("mira@example.test")][:1] == ["claim-consent-ended"]
    assert ClaimConsent.objects.get().ended_by == "person"
    assert answer(path, "agree").status_code == 302
    assert not claims_for(mira, dragan)


def test_the_page_of_an_old_link_says_what_became_of_it(mira: Asker, dragan: Person, post: Post) -> None:
    def said(path: str) -> str:
        return " ".join(Client().get(path, headers={"accept-language": "en"}).content.decode().split())

    withdrawn = link_to(mira, dragan, post)
    mira.post(f"claim-consents/{ClaimConsent.objects.get().pk}/end")
    assert "This request is no longer open" in said(withdrawn)
    assert "If you have a newer message from us" in said(withdrawn)
    declined = link_to(mira, dragan, post)
    answer(declined, "decline")
    assert "If you change your mind, ask for a new link." in said(declined)
    ended = link_to(mira, dragan, post)
    answer(ended, "agree")
    answer(ended, "end")
    assert "This consent has ended" in said(ended)
    assert "Mira Marić can no longer make claims for you." in said(ended)
    assert "newer message" not in said(ended)


def test_the_message_names_the_member_before_it_speaks_of_them(mira: Asker, dragan: Person, post: Post) -> None:
    Person.objects.filter(pk=dragan.pk).update(language="en")
    link_to(mira, dragan, post)
    text = post.to(dragan.email)[0].text
    assert text.index("Mira") < text.index("You are on their insurance.")


def test_the_asker_withdraws_a_request_and_gives_a_consent_up(mira: Asker, dragan: Person, post: Post) -> None:
    path = link_to(mira, dragan, post)
    key = ClaimConsent.objects.get().pk
    assert mira.post(f"claim-consents/{key}/end").status_code == 204
    answer(path, "agree")
    assert not claims_for(mira, dragan)
    answer(link_to(mira, dragan, post), "agree")
    assert claims_for(mira, dragan)
    key = ClaimConsent.objects.get(ended_at=None).pk
    for _time in range(2):
        assert mira.press(f"family/consents/{key}/end/")["Location"] == "/rs/family/claims/"
    assert not claims_for(mira, dragan)
    assert ClaimConsent.objects.get(pk=key).ended_by == "asker"


def test_nobody_else_ends_it(mira: Asker, dragan: Person, vera: Asker, post: Post) -> None:
    path = link_to(mira, dragan, post)
    key = ClaimConsent.objects.get().pk
    for who in (vera, Asker(account(dragan))):
        assert who.post(f"claim-consents/{key}/end").status_code == 404, "before it is given, only the asker ends it"
    answer(path, "agree")
    assert vera.post(f"claim-consents/{key}/end").status_code == 404
    assert vera.press(f"family/consents/{key}/end/").status_code == 404
    assert vera.post(f"claim-consents/{uuid4()}/end").status_code == 404
    assert claims_for(mira, dragan)


def test_who_opens_an_account_later_sees_the_consent_and_ends_it_there(mira: Asker, dragan: Person, post: Post) -> None:
    answer(link_to(mira, dragan, post), "agree")
    asker = Asker(account(dragan))
    assert claims_for(mira, dragan)
    key = ClaimConsent.objects.get().pk
    page = asker.page("family/seers/").content.decode()
    assert "Mira Marić" in page
    assert f"/family/consents/{key}/end/" in page
    assert asker.press(f"family/consents/{key}/end/")["Location"] == "/rs/family/seers/"
    assert not claims_for(mira, dragan)
    assert post.to("mira@example.test")[0].template == "claim-consent-ended"
    assert f"/family/consents/{key}/end/" not in asker.page("family/seers/").content.decode()


def test_a_consent_holds_for_covers_on_the_askers_policies_alone(mira: Asker, dragan: Person, post: Post) -> None:
    answer(link_to(mira, dragan, post), "agree")
    other = insure(dragan, policy("X-9"), "employee")
    with pytest.raises(NotSeen):
        may_claim(mira.account, str(other.pk))


def test_after_a_divorce_a_consent_opens_nothing_new(mira: Asker, dragan: Person, post: Post) -> None:
    answer(link_to(mira, dragan, post), "agree")
    today = market("rs").today()
    mira.account.person.memberships.update(end=today - timedelta(days=1))
    assert not claims_for(mira, dragan), "his cover goes on without her"
    Membership.objects.update(end=today - timedelta(days=1))
    assert claims_for(mira, dragan), "claims for the time before are possible"


def test_a_child_who_comes_of_age_is_asked_like_any_adult(mira: Asker, post: Post) -> None:
    ana = relative("Ana", 18, "child")
    assert states(mira) == {"Ana": "can_ask"}
    answer(link_to(mira, ana, post), "agree")
    assert claims_for(mira, ana)


def test_a_mandate_wins_over_a_consent(mira: Asker, dragan: Person, post: Post) -> None:
    answer(link_to(mira, dragan, post), "agree")
    key = give_mandate(Asker(account(dragan)), mira, scopes=["cover", "claims"])
    (found,) = (one for one in claimable(mira.account) if one.person == dragan)
    assert (found.role, str(found.mandate and found.mandate.pk)) == ("proxy", key)


def test_the_number_of_queries_does_not_grow(mira: Asker, post: Post) -> None:
    def queries() -> int:
        with asked() as seen:
            assert mira.page("family/claims/").status_code == 200
        return len(seen)

    answer(link_to(mira, relative("Ana", 40, "other"), post), "agree")
    relative("Eva", 41, "other")
    few = queries()
    for number in range(3):
        answer(link_to(mira, relative(f"Aunt{number}", 50, "other"), post), "agree")
        relative(f"Uncle{number}", 50, "other")
    assert queries() == few


@pytest.mark.parametrize("code", ["rs", "id", "ru"])
def test_every_page_in_every_language(code: str, post: Post) -> None:
    holder = person("Mira", aged(44, code=code), code=code)
    insure(holder, policy(code=code), "policyholder")
    asker = Asker(account(holder))
    people = {name: person(name, aged(50, code=code), code=code) for name in ("Ana", "Eva", "Ida", "Una", "Zoe")}
    for who in people.values():
        insure(who, policy(code=code), "spouse")
    paths = {}
    for name in ("Ana", "Eva", "Ida", "Una"):
        paths[name] = link_to(asker, people[name], post)
    language = all_markets()[code].default_language
    for name, said in (("Ana", "agree"), ("Eva", "decline")):
        body = {"answer": said, "text": document(code, "claim-consent", language).digest}
        assert Client().post(paths[name], body, headers={"accept-language": language}).status_code == 302
    ClaimConsent.objects.filter(person=people["Ida"]).update(expires_at=timezone.now())
    account(people["Zoe"])
    seeing = Asker(account(people["Ana"]))
    for spoken in all_markets()[code].languages:
        headers = {"accept-language": spoken}
        pages = [Client().get(path, headers=headers) for path in (*paths.values(), f"/{code}/claim-consent/x")]
        pages += [asker.page_client.get(f"/{code}/family/claims/", headers=headers)]
        pages += [seeing.page_client.get(f"/{code}/family/seers/", headers=headers)]
        assert [page.status_code for page in pages] == [200, 200, 410, 200, 404, 200, 200]
        for page in pages:
            assert_well_made(page)
            assert_guarded(page)
            assert page["Content-Language"].lower() == spoken
            assert page["Cache-Control"] == "no-store"
