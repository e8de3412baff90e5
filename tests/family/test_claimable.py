"""For whom a member may claim: themselves, children under age, and givers of mandates for claims. Nobody else."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from mypolis.foundation.markets import market
from mypolis.membership.family import flows
from mypolis.membership.family.access import NotSeen, claimable, covers_seen, may_claim
from mypolis.membership.family.flows import keep_private
from mypolis.membership.family.models import Mandate, Viewing
from mypolis.membership.family.relations.rules import LATE_CLAIMS
from mypolis.membership.people.models import Membership, Person, Policy
from tests.family.giving import give_mandate, named, offer, state
from tests.family.home import ADDRESS, Asker, account, aged, insure, person, policy
from tests.post import Post
from tests.test_query_counts import asked

pytestmark = pytest.mark.django_db
BOTH = ["cover", "claims"]


def child(years: int = 9, *, in_days: int = 0, relation: str = "child", name: str = "Luka") -> Person:
    """Somebody on Mira's policy."""
    who = person(name, aged(years, in_days=in_days))
    insure(who, policy(), relation)
    return who


def roles(who: Asker) -> dict[str, str]:
    """For whom the member may claim, and as what, by given name."""
    return {found.person.given_name: found.role for found in claimable(who.account)}


def refused(who: Asker, whose: Person) -> bool:
    """Whether the member may claim for none of the person's covers."""
    for row in whose.memberships.all():
        with pytest.raises(NotSeen):
            may_claim(who.account, str(row.pk))
    return whose.given_name not in roles(who)


def days_ago(days: int) -> date:
    return market("rs").today() - timedelta(days=days)


def longest() -> int:
    """For how many days after its end a cover is still shown for claims."""
    return market("rs").claims.filing_days + LATE_CLAIMS.days


def test_what_is_no_membership_is_not_found(mira: Asker) -> None:
    stranger = person("Goran", aged(30))
    insure(stranger, policy("B-2"), "policyholder")
    for key in ("", "x", "0", "-1", "9" * 30, str(stranger.memberships.get().pk), "٣"):
        with pytest.raises(NotSeen):
            may_claim(mira.account, key)


def test_nobody_claims_for_an_adult_on_the_policy(mira: Asker) -> None:
    for relation in ("spouse", "parent", "other", "child"):
        assert refused(mira, child(18 if relation == "child" else 40, relation=relation, name=relation.capitalize()))
    assert roles(mira) == {"Mira": "self"}


def test_a_dependant_claims_for_nobody_but_themselves(mira: Asker) -> None:
    ana, luka = child(40, relation="spouse", name="Ana"), child()
    asker = Asker(account(ana))
    assert roles(asker) == {"Ana": "self"}
    assert refused(asker, mira.account.person)
    assert refused(asker, luka)


def test_a_parent_claims_for_a_child_until_the_child_is_of_age(mira: Asker) -> None:
    luka = child(18, in_days=2)
    row = luka.memberships.get()
    assert roles(mira) == {"Mira": "self", "Luka": "parent"}
    found = may_claim(mira.account, str(row.pk))
    assert (found.person, found.role, found.memberships, found.bases) == (luka, "parent", (row,), frozenset())
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert roles(mira) == {"Mira": "self", "Luka": "parent"}
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert refused(mira, luka)


def test_a_young_person_who_hides_their_cover_hides_it_from_claims(mira: Asker) -> None:
    luka = child(16)
    young = account(luka)
    keep_private(account=young, is_private=True, by=ADDRESS)
    assert refused(mira, luka)
    assert roles(Asker(young)) == {"Luka": "self"}
    keep_private(account=young, is_private=False, by=ADDRESS)
    assert roles(mira)["Luka"] == "parent"


def test_cover_that_ended_can_still_be_claimed_for_and_after_long_no_more(mira: Asker) -> None:
    luka = child()
    Membership.objects.update(end=days_ago(longest()))
    assert mira.seen() == {}, "the child's cover itself is closed"
    assert roles(mira) == {"Mira": "self", "Luka": "parent"}
    assert may_claim(mira.account, str(luka.memberships.get().pk)).role == "parent"
    Membership.objects.update(end=days_ago(longest() + 1))
    assert refused(mira, luka)
    assert refused(mira, mira.account.person)


def test_a_policy_was_cancelled_on_the_day_that_the_market_had() -> None:
    luka, day, zone = child(), days_ago(30), market("rs").zone
    Policy.objects.update(cancelled_at=datetime.combine(day, time(0, 30), zone))  # in UTC, the day before
    for first, covered in ((day, True), (day + timedelta(days=1), False)):
        found = Membership.objects.covering_between(first, first, zone=zone)
        assert found.filter(person=luka).exists() == covered


@pytest.mark.parametrize("by", ["policy's end", "cancelled"])
def test_a_policy_that_ended_counts_like_a_cover_that_ended(mira: Asker, by: str) -> None:
    luka = child()
    for days, allowed in ((longest(), True), (longest() + 2, False)):
        if by == "cancelled":
            Policy.objects.update(cancelled_at=timezone.now() - timedelta(days=days))
        else:
            Policy.objects.update(end=days_ago(days))
        assert ("Luka" in roles(mira)) == allowed
        assert ("Mira" in roles(mira)) == allowed
        assert refused(mira, luka) != allowed if not allowed else True


def test_cover_that_has_not_begun_is_not_claimed_for(mira: Asker) -> None:
    Membership.objects.update(start=market("rs").today() + timedelta(days=1))
    assert roles(mira) == {}
    Membership.objects.update(start=market("rs").today())
    assert roles(mira) == {"Mira": "self"}


def test_a_holder_who_left_claims_for_what_ended_with_their_cover_alone(mira: Asker) -> None:
    luka, iva = child(), child(7, name="Iva")
    mira.account.person.memberships.update(end=days_ago(10))
    luka.memberships.update(end=days_ago(10))
    assert roles(mira) == {"Mira": "self", "Luka": "parent"}
    assert refused(mira, iva), "her cover goes on without Mira"
    luka.memberships.update(end=days_ago(9))
    assert refused(mira, luka)


def test_of_a_child_s_covers_only_those_through_the_parent(mira: Asker) -> None:
    luka = child()
    other = insure(luka, policy("X-9"), "child")
    with pytest.raises(NotSeen):
        may_claim(mira.account, str(other.pk))
    assert len(may_claim(mira.account, str(luka.memberships.exclude(pk=other.pk).get().pk)).memberships) == 1


def test_a_mandate_for_cover_alone_allows_no_claims(vera: Asker, goran: Asker) -> None:
    give_mandate(vera, goran)
    assert refused(goran, vera.account.person)
    assert goran.get("family").json()["people"][0]["may"] == ["cover", "card"]
    with pytest.raises(NotSeen):
        covers_seen(goran.account, str(vera.account.person_id), what="claims", by=ADDRESS)


def test_a_mandate_from_before_scopes_allows_cover_alone(vera: Asker, goran: Asker) -> None:
    give_mandate(vera, goran, scopes=BOTH)
    Mandate.objects.update(scopes=Mandate._meta.get_field("scopes").db_default)
    assert refused(goran, vera.account.person)
    assert goran.seen() == {"Vera": ("proxy", "all")}


def test_a_proxy_for_claims_claims_under_the_mandate_until_it_ends(vera: Asker, goran: Asker) -> None:
    key = give_mandate(vera, goran, scopes=BOTH)
    row = vera.account.person.memberships.get()
    found = may_claim(goran.account, str(row.pk))
    assert (found.role, found.memberships, found.bases) == ("proxy", (row,), {UUID(key)})
    assert str(found.mandate and found.mandate.pk) == key
    assert goran.get("family").json()["people"][0]["may"] == ["cover", "card", "claims"]
    assert covers_seen(goran.account, str(vera.account.person_id), what="claims", by=ADDRESS).get() == row
    assert Viewing.objects.get().what == "claims"
    assert "Zahteve, " in vera.page("family/seers/").content.decode()
    assert vera.post(f"mandates/{key}/end").status_code == 204
    assert refused(goran, vera.account.person)


def test_a_proxy_claims_no_more_after_the_last_day(vera: Asker, goran: Asker) -> None:
    give_mandate(vera, goran, scopes=BOTH, until=vera.account.profile.today().isoformat())
    assert roles(goran)["Vera"] == "proxy"
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert refused(goran, vera.account.person)


def test_a_proxy_claims_for_cover_that_ended_too(vera: Asker, goran: Asker) -> None:
    give_mandate(vera, goran, scopes=BOTH)
    vera.account.person.memberships.update(end=days_ago(5))
    assert roles(goran)["Vera"] == "proxy"


def test_a_wider_mandate_needs_a_new_consent_and_changes_nothing_before_the_proxy_accepts(
    vera: Asker, goran: Asker
) -> None:
    old = give_mandate(vera, goran)
    answer = vera.post(f"mandates/{old}/widen", {"scopes": BOTH})
    assert (answer.status_code, answer.json()["state"], answer.json()["scopes"]) == (201, "offered", BOTH)
    assert refused(goran, vera.account.person)
    assert goran.seen() == {"Vera": ("proxy", "all")}
    (waiting,) = goran.get("mandates").json()["offers"]
    assert waiting["scopes"] == BOTH
    assert goran.post(f"mandates/{waiting['id']}/accept").status_code == 200
    assert roles(goran)["Vera"] == "proxy"
    assert Mandate.objects.get(pk=old).ended_by == "newer"


def test_a_proxy_who_declines_a_wider_mandate_keeps_the_old_one(vera: Asker, goran: Asker) -> None:
    old = give_mandate(vera, goran)
    new = vera.post(f"mandates/{old}/widen", {"scopes": BOTH}).json()["id"]
    assert goran.post(f"mandates/{new}/decline").status_code == 204
    assert refused(goran, vera.account.person)
    assert goran.seen() == {"Vera": ("proxy", "all")}


def test_only_the_giver_of_an_active_mandate_widens_it(vera: Asker, goran: Asker) -> None:
    waiting = offer(vera, goran)
    assert vera.post(f"mandates/{waiting}/widen", {"scopes": BOTH}).status_code == 404
    goran.post(f"mandates/{waiting}/accept")
    assert goran.post(f"mandates/{waiting}/widen", {"scopes": BOTH}).status_code == 404
    assert goran.page(f"family/mandates/{waiting}/claims/").status_code == 404
    assert vera.post(f"mandates/{waiting}/widen", {"scopes": ["all"]}).status_code == 422
    assert vera.post(f"mandates/{waiting}/widen", {}).status_code == 422
    vera.post(f"mandates/{waiting}/end")
    assert vera.post(f"mandates/{waiting}/widen", {"scopes": BOTH}).status_code == 404
    assert vera.page(f"family/mandates/{waiting}/claims/").status_code == 404
    assert not Mandate.objects.filter(ended_at=None).exists()


def test_widening_counts_as_an_offer(vera: Asker, goran: Asker) -> None:
    key = give_mandate(vera, goran)
    answers = [vera.post(f"mandates/{key}/widen", {"scopes": BOTH}).status_code for _time in range(5)]
    assert answers == [201] * 4 + [429]
    assert vera.press(f"family/mandates/{key}/claims/").status_code == 429


def test_a_newer_mandate_continues_the_older_and_one_given_after_an_end_does_not(vera: Asker, goran: Asker) -> None:
    row = str(vera.account.person.memberships.get().pk)
    first = give_mandate(vera, goran, scopes=BOTH)
    second = give_mandate(vera, goran, scopes=BOTH)
    third = give_mandate(vera, goran, scopes=BOTH)
    assert may_claim(goran.account, row).bases == {UUID(first), UUID(second), UUID(third)}
    vera.post(f"mandates/{third}/end")
    fourth = give_mandate(vera, goran, scopes=BOTH)
    assert may_claim(goran.account, row).bases == {UUID(fourth)}


def test_the_pages_offer_claims_and_widen(vera: Asker, goran: Asker) -> None:
    born = goran.account.person.birth_date
    boxes = {"birth_date_day": born.day, "birth_date_month": born.month, "birth_date_year": born.year}
    form = {"contact": goran.account.person.email, **boxes}
    assert vera.press("family/share/", {**form, "scopes": "nonsense"}).status_code == 422
    assert vera.press("family/share/", {**form, "scopes": "claims"}).status_code == 302
    made = Mandate.objects.get()
    assert made.scopes == BOTH
    assert "podnosite zahteve" in goran.page(f"family/mandates/{made.pk}/").content.decode()
    assert "podnosite zahteve" in goran.page("home/").content.decode()
    goran.press(f"family/mandates/{made.pk}/", {"answer": "accept"})
    assert f"/family/mandates/{made.pk}/claims/" not in vera.page("family/seers/").content.decode()
    vera.post(f"mandates/{made.pk}/end")

    assert vera.press("family/share/", {**form, "scopes": "cover"}).status_code == 302
    narrow = Mandate.objects.get(ended_at=None)
    assert narrow.scopes == ["cover"]
    goran.press(f"family/mandates/{narrow.pk}/", {"answer": "accept"})
    assert f"/family/mandates/{narrow.pk}/claims/" in vera.page("family/seers/").content.decode()
    assert vera.page(f"family/mandates/{narrow.pk}/claims/").status_code == 200
    assert Mandate.objects.filter(accepted_at=None).count() == 0, "looking changes nothing"
    assert vera.press(f"family/mandates/{narrow.pk}/claims/").status_code == 302
    assert Mandate.objects.get(accepted_at=None).scopes == BOTH
    assert sorted(state(vera)) == ["ended", "offered", "standing"]


def test_an_offer_in_json_says_what_it_is_for(vera: Asker, goran: Asker) -> None:
    assert vera.post("mandates", named(goran, scopes=["everything"])).status_code == 422
    assert vera.post("mandates", named(goran)).json()["scopes"] == ["cover"]
    assert vera.post("mandates", named(goran, scopes=["claims"])).json()["scopes"] == BOTH


def test_the_list_in_json_has_everybody_with_their_covers(mira: Asker, vera: Asker) -> None:
    luka = child()
    key = give_mandate(vera, mira, scopes=BOTH)
    Membership.objects.filter(person=luka).update(participant_number="77")
    people = mira.get("family/claimable").json()["people"]
    assert [(one["name"].split()[0], one["role"], one["mandate"]) for one in people] == [
        ("Mira", "self", None),
        ("Luka", "parent", None),
        ("Vera", "proxy", key),
    ]
    assert people[1]["memberships"] == [
        {
            "membership": str(luka.memberships.get().pk),
            "policy_number": "F-1",
            "participant_number": "77",
            "first_day": "2020-01-01",
            "last_day": None,
        }
    ]
    assert not Viewing.objects.exists()


def test_the_number_of_queries_does_not_grow(mira: Asker) -> None:
    def queries() -> int:
        with asked() as seen:
            claimable(mira.account)
        return len(seen)

    child()
    give_mandate(giver("Vera"), mira, scopes=BOTH)
    few = queries()
    for number in range(4):
        child(5, name=f"Child{number}")
        give_mandate(giver(f"Giver{number}"), mira, scopes=BOTH)
    assert len(claimable(mira.account)) == 11
    assert queries() == few


def giver(name: str) -> Asker:
    """Somebody with a policy of their own."""
    who = person(name, aged(60))
    insure(who, policy(f"P-{name}"), "policyholder")
    return Asker(account(who))


def test_the_messages_about_a_mandate_for_claims_say_so(vera: Asker, goran: Asker, post: Post) -> None:
    key = give_mandate(vera, goran, scopes=BOTH)
    vera.post(f"mandates/{key}/end")
    assert [letter.template for letter in reversed(post.to("goran@example.test"))] == [
        *("claims-mandate-offered", "claims-mandate-begun", "claims-mandate-ended")
    ]
    assert all("zahteve" in letter.text for letter in post.to("goran@example.test"))


def test_widening_a_mandate_that_was_ended_meanwhile_is_not_found(
    vera: Asker, goran: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, widen = give_mandate(vera, goran), flows.widen

    def late(**named: Any) -> Mandate:
        flows.end(account=goran.account, mandate_id=named["mandate_id"], by=ADDRESS)
        return widen(**named)

    monkeypatch.setattr(flows, "widen", late)
    address = f"/rs/family/mandates/{key}/claims/"
    assert vera.page_client.get(address).status_code == 200
    assert vera.page_client.post(address).status_code == 404
