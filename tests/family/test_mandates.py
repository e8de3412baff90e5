"""What a mandate allows, how it ends, and who is notified."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.membership.family.access import NotSeen, may_see, person_seen
from mypolis.membership.family.flows import UnknownMandate, accept, end, end_overdue
from mypolis.membership.family.models import Mandate, Viewing
from mypolis.membership.people.models import Policy
from tests.family.giving import give_mandate, offer, page_form, sees, state
from tests.family.home import ADDRESS, Asker, account, aged, insure, person, policy
from tests.post import Post
from tests.test_query_counts import asked

pytestmark = pytest.mark.django_db


def test_an_accepted_mandate_opens_cover_and_card_and_changes_nothing(vera: Asker, goran: Asker) -> None:
    give_mandate(vera, goran)
    assert goran.seen() == {"Vera": ("proxy", "all")}
    assert sees(goran, vera)
    card, whose = vera.account.person.memberships.get().pk, vera.account.person_id
    assert vera.post(f"cards/{card}/activate", {"accept_card": True}).status_code == 200
    assert goran.get(f"cards/{card}/qr?whose={whose}").status_code == 200
    assert goran.post(f"cards/{card}/reissue?whose={whose}").status_code == 404
    assert goran.post(f"cards/{card}/activate?whose={whose}", {"accept_card": True}).status_code == 404
    assert vera.seen() == {}
    assert not sees(vera, goran)


def test_both_are_told_by_mail_when_it_begins_and_when_it_ends(vera: Asker, goran: Asker, post: Post) -> None:
    key = offer(vera, goran)
    assert [letter.template for letter in post.to("goran@example.test")] == ["mandate-offered"]
    assert "Ilić" not in post.letters[0].text
    assert post.to("vera@example.test") == []
    goran.post(f"mandates/{key}/accept")
    vera.post(f"mandates/{key}/end")
    for address in ("vera@example.test", "goran@example.test"):
        assert [letter.template for letter in post.to(address)][:2] == ["mandate-ended", "mandate-begun"]
        assert all("Vera" in letter.text and "Goran" in letter.text for letter in post.to(address)[:2])
    kinds = Event.objects.filter(kind__startswith="mandate.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["mandate.offered", "mandate.accepted", "mandate.ended"]


def test_accepting_twice_is_once(vera: Asker, goran: Asker, post: Post) -> None:
    key = give_mandate(vera, goran)
    assert goran.post(f"mandates/{key}/accept").status_code == 200
    assert Event.objects.filter(kind="mandate.accepted").count() == 1
    assert [letter.template for letter in post.to("vera@example.test")] == ["mandate-begun"]
    assert goran.page(f"family/mandates/{key}/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_offers_accepted_at_once_leave_one_that_stands(vera: Asker, goran: Asker) -> None:
    keys = []
    for _time in range(2):
        keys.append(offer(vera, goran))
        Mandate.objects.update(ended_at=None, ended_by="")  # the second would have withdrawn the first
    keys += keys

    def take(key: str) -> None:
        try:
            with suppress(UnknownMandate):  # it was replaced already
                accept(proxy=goran.account, mandate_id=Mandate.objects.get(pk=key).pk, by=ADDRESS)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take, keys))
    assert Mandate.objects.filter(accepted_at__isnull=False, ended_at=None).count() == 1
    assert sees(goran, vera)


@pytest.mark.django_db(transaction=True)
def test_accepted_and_withdrawn_at_once_it_ends(vera: Asker, goran: Asker) -> None:
    key = Mandate.objects.get(pk=offer(vera, goran)).pk

    def act(is_giver: bool) -> None:
        try:
            with suppress(UnknownMandate):  # withdrawn a moment before
                if is_giver:
                    end(account=vera.account, mandate_id=key, by=ADDRESS)
                else:
                    accept(proxy=goran.account, mandate_id=key, by=ADDRESS)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(act, (False, True)))
    assert not sees(goran, vera)


@pytest.mark.parametrize("by", ["giver", "proxy"])
def test_either_ends_it_at_once(vera: Asker, goran: Asker, by: str) -> None:
    key = give_mandate(vera, goran)
    assert sees(goran, vera)
    who = vera if by == "giver" else goran
    assert who.post(f"mandates/{key}/end").status_code == 204
    assert who.post(f"mandates/{key}/end").status_code == 204
    assert not sees(goran, vera)
    assert goran.page(f"family/people/{vera.account.person_id}/").status_code == 404
    assert goran.seen() == {}
    assert state(vera) == ["ended"]
    assert Mandate.objects.get().ended_by == by


def test_revoked_while_somebody_looks_the_next_page_is_not_found(vera: Asker, goran: Asker) -> None:
    key = give_mandate(vera, goran)
    page = f"family/people/{vera.account.person_id}/"
    assert goran.page(page).status_code == 200
    assert vera.press(f"family/mandates/{key}/end/").status_code == 302
    assert goran.page(page).status_code == 404
    assert goran.get(f"cards?whose={vera.account.person_id}").status_code == 404


def test_it_holds_to_the_end_of_its_last_day_and_then_both_are_told_once(vera: Asker, goran: Asker, post: Post) -> None:
    today = vera.account.profile.today()
    key = give_mandate(vera, goran, until=(today + timedelta(days=2)).isoformat())
    whose = str(vera.account.person_id)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert may_see(goran.account, whose, "card")
        assert end_overdue(market="rs", today=vera.account.profile.today()) == 0
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert not may_see(goran.account, whose, "card")
        assert end_overdue(market="rs", today=vera.account.profile.today()) == 1
        assert end_overdue(market="rs", today=vera.account.profile.today()) == 0
    assert Mandate.objects.get(pk=key).ended_by == "time"
    for address in ("vera@example.test", "goran@example.test"):
        assert post.to(address)[0].template == "mandate-ended"


def test_a_second_offer_takes_the_place_of_the_first(vera: Asker, goran: Asker) -> None:
    first = offer(vera, goran)
    second = offer(vera, goran)
    assert [one["id"] for one in goran.get("mandates").json()["offers"]] == [second]
    assert goran.post(f"mandates/{first}/accept").status_code == 404
    third = give_mandate(vera, goran)
    assert Mandate.objects.filter(ended_at=None).count() == 1
    assert give_mandate(vera, goran) != third
    assert Mandate.objects.filter(accepted_at__isnull=False, ended_at=None).count() == 1


def test_every_look_is_noted_and_shown_to_the_giver(vera: Asker, goran: Asker) -> None:
    give_mandate(vera, goran)
    assert goran.page("family/").status_code == 200
    assert not Viewing.objects.exists()  # the list shows nothing of the cover
    goran.page(f"family/people/{vera.account.person_id}/")
    goran.get(f"cards?whose={vera.account.person_id}")
    seen = vera.get("family/seers").json()["viewings"]
    assert {(one["name"], one["seen_as"], one["what"]) for one in seen} == {
        ("Goran Babić", "proxy", "cover"),
        ("Goran Babić", "proxy", "card"),
    }
    assert "Goran Babić" in vera.page("family/seers/").content.decode()


def test_when_the_givers_cover_has_ended_the_proxy_sees_what_the_giver_sees(vera: Asker, goran: Asker) -> None:
    give_mandate(vera, goran)
    Policy.objects.filter(number="V-1").update(end=vera.account.profile.today() - timedelta(days=1))
    whose = vera.account.person_id
    assert goran.get(f"cover?whose={whose}").json() == {"covers": []}
    assert [one["status"] for one in goran.get(f"policies?whose={whose}").json()["policies"]] == ["ended"]
    assert [one["state"] for one in goran.get(f"cards?whose={whose}").json()["cards"]] == ["ended"]
    assert goran.get(f"cards/{vera.account.person.memberships.get().pk}/qr?whose={whose}").status_code == 409
    assert goran.page(f"family/people/{whose}/").status_code == 200


def test_a_spouse_on_the_policy_who_gives_a_mandate_is_seen_whole(goran: Asker) -> None:
    wife = person("Ana", aged(44))
    insure(wife, policy("G-1"), "spouse")
    ana = Asker(account(wife))
    assert goran.seen() == {"Ana": ("holder", "name")}
    key = give_mandate(ana, goran)
    assert goran.seen() == {"Ana": ("proxy", "all")}
    ana.post(f"mandates/{key}/end")
    assert goran.seen() == {"Ana": ("holder", "name")}


def test_a_proxy_of_a_parent_sees_the_parent_and_not_the_children(vera: Asker, goran: Asker) -> None:
    luka = person("Luka", aged(9))
    insure(luka, policy("V-1"), "child")
    give_mandate(vera, goran)
    assert sees(goran, vera)
    with pytest.raises(NotSeen):
        person_seen(goran.account, str(luka.pk))


def test_pages_lead_through_an_offer_from_both_sides(vera: Asker, goran: Asker) -> None:
    answer = vera.press("family/share/", page_form(goran))
    assert (answer.status_code, answer["Location"]) == (302, "/rs/family/share/sent/")
    assert vera.page("family/share/sent/").status_code == 200
    key = Mandate.objects.get().pk
    assert goran.press(f"family/mandates/{key}/", {"answer": "what"}).status_code == 302
    assert goran.press(f"family/mandates/{key}/", {"answer": "accept"}).status_code == 302
    assert sees(goran, vera)
    answer = goran.press(f"family/mandates/{key}/end/")
    assert (answer.status_code, answer["Location"]) == (302, "/rs/family/")
    assert goran.press(f"family/mandates/{uuid4()}/end/").status_code == 404


def test_what_acting_asks_the_database(vera: Asker, goran: Asker) -> None:
    assert goran.account.person.birth_date  # loaded here, so that `offer` does not count it
    with asked() as offering:
        key = offer(vera, goran)
    with asked() as accepting:
        goran.post(f"mandates/{key}/accept")
    with asked() as ending:
        vera.post(f"mandates/{key}/end")
    assert [len(one) for one in (offering, accepting, ending)] == [11, 14, 13]
