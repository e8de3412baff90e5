"""The desk's pages about guarantees: what each person reads there, and a decision from the list to the letter."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.staff.lists import pages_by_key
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeChange, GuaranteeProposal
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from tests.guarantees.desk_acts import Desk, takes, text_of
from tests.guarantees.test_desk_deciding import _small_authority
from tests.guarantees.test_pages import opened
from tests.guarantees.world import asked, billed, given, reread
from tests.staff.assessors import maya, rina
from tests.staff.world import Colleague, at_desk, colleague

__all__ = ["_small_authority", "maya", "rina"]

LIST = "/desk/id/guarantees/"


def terms(one: Guarantee, expected: str = "600", shown: str = "600", **more: str) -> dict[str, str]:
    """What the form of a letter sends."""
    until = one.usual_end.isoformat()
    return {"expected": expected, "valid_until": until, "conditions": "", "shown": shown, **more}


def hidden(page: Any) -> str:
    """What the page says it has shown."""
    found = re.search(r'name="shown"\s+value="([^"]+)"', text_of(page))
    assert found is not None
    return found[1]


# What is read where


def test_the_list_names_no_person_and_no_treatment(budi: Account, rina: Colleague) -> None:
    found = asked(budi)
    page = text_of(at_desk(rina).get(LIST))
    assert all(part in page for part in (found.number, "Klinik Melati"))
    assert not any(part in page for part in ("Budi", "Santoso", "Drugs", "GRP-88"))


def test_who_does_not_have_it_in_hand_reads_no_person_and_no_treatment(budi: Account, rina: Colleague) -> None:
    found = given(budi)
    desk = Desk(at_desk(rina), found)
    page = text_of(desk.get())
    assert not any(part in page for part in ("Budi", "Santoso", "Drugs", "GRP-88", "Give the letter"))
    letter = found.letters.get()
    assert desk.get(f"letters/{letter.pk}.pdf").status_code == 404
    takes(rina, found)
    page = text_of(desk.get())
    assert all(part in page for part in ("Budi", "GRP-88", "Extend the letter", "Revoke the letter"))
    assert desk.get(f"letters/{letter.pk}.pdf")["Content-Type"] == "application/pdf"


def test_one_of_another_market_is_not_found(budi: Account) -> None:
    found = asked(budi)
    browser = at_desk(colleague("Ana", "assessor", market="rs"))
    assert browser.get(f"/desk/rs/guarantees/{found.pk}/").status_code == 404
    assert browser.post(f"/desk/rs/guarantees/{found.pk}/take/").status_code == 404


def test_ones_own_is_refused_in_words(budi: Account, rina: Colleague) -> None:
    enter_relation(staff=rina.account.pk, person=budi.person, by=SYSTEM)
    answer = Desk(at_desk(rina), asked(budi)).post("take/")
    assert (answer.status_code, "your own or your family’s" in text_of(answer)) == (422, True)


def test_html_that_somebody_typed_is_text_at_the_desk(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi, provider=None))
    Guarantee.objects.filter(pk=found.pk).update(provider_name="<b>Clinic</b>", conditions="<i>Room</i>")
    GuaranteeChange.objects.filter(guarantee=found).update(reason="<u>why</u>")
    browser = at_desk(rina)
    pages = text_of(browser.get(LIST)) + text_of(Desk(browser, found).get())
    assert "&lt;b&gt;Clinic&lt;/b&gt;" in pages
    assert not any(part in pages for part in ("<b>Clinic", "<i>Room", "<u>why"))


def test_a_persons_page_lists_guarantees_without_the_treatment(budi: Account, rina: Colleague) -> None:
    found = given(budi)
    assessor, agent = at_desk(rina), at_desk(colleague("Mila", "agent", market="id"))
    address = f"/desk/id/people/{budi.person_id}/"
    for browser, may_open in ((assessor, True), (agent, False)):
        page = text_of(browser.get(address))
        assert found.number in page
        assert "Drugs" not in page
        assert (f"/desk/id/guarantees/{found.pk}/" in page) is may_open


# The list


def test_what_waits_comes_first_and_the_oldest_before_others(budi: Account, rina: Colleague) -> None:
    first, second, third = asked(budi, "10"), given(budi, "20"), asked(budi, "30")
    browser = at_desk(rina)
    page = text_of(browser.get(LIST))
    assert page.index(first.number) < page.index(third.number)
    assert second.number not in page
    assert second.number in text_of(browser.get(f"{LIST}?state=given"))
    everything = text_of(browser.get(f"{LIST}?state="))
    assert all(one.number in everything for one in (first, second, third))


def test_the_list_has_pages_by_key(budi: Account) -> None:
    made = [asked(budi, "10") for _time in range(3)]
    rows = Guarantee.objects.filter(market="id")
    first = pages_by_key.page_of(rows, order="asked_at", size=2)
    rest = pages_by_key.page_of(rows, order="asked_at", after=first.after, size=2)
    assert [one.number for one in (*first.rows, *rest.rows)] == [one.number for one in made]
    assert not rest.after


@pytest.mark.usefixtures("_small_authority")
def test_filters_find_mine_and_what_waits_for_a_second_person(budi: Account, rina: Colleague, maya: Colleague) -> None:
    mine, hers = takes(rina, asked(budi, "10")), takes(rina, asked(budi, "500"))
    browser = at_desk(rina)
    assert Desk(browser, hers).post("give/", terms(hers, "500", "500")).status_code == 302
    page = text_of(browser.get(f"{LIST}?whose=mine"))
    assert (mine.number in page, hers.number in page) == (True, False)
    page = text_of(browser.get(f"{LIST}?second=1"))
    assert (mine.number in page, hers.number in page) == (False, True)
    start = text_of(browser.get("/desk/id/"))
    assert "1 waits for a second person." in " ".join(start.split())


def test_pages_need_few_statements(budi: Account, rina: Colleague, django_assert_max_num_queries: Any) -> None:
    browser = at_desk(rina)
    found = takes(rina, given(budi, "500"))
    billed(budi, found, "100")
    for _time in range(5):
        asked(budi, "10")
    for address in (LIST, "/desk/id/", f"{LIST}{found.pk}/", f"{LIST}{found.pk}/extend/", f"{LIST}{found.pk}/revoke/"):
        with django_assert_max_num_queries(15):
            assert browser.get(address).status_code == 200


# Acts


def test_a_page_of_an_act_that_cannot_be_done_leads_back(budi: Account, rina: Colleague) -> None:
    found = asked(budi)
    desk = Desk(at_desk(rina), found)
    assert desk.get("give/")["Location"] == desk.base  # nobody has it in hand
    takes(rina, found)
    assert desk.get("extend/")["Location"] == desk.base
    assert desk.get("give/").status_code == 200


def test_terms_that_cannot_be_read_are_said_at_their_field(budi: Account, rina: Colleague) -> None:
    desk = Desk(at_desk(rina), takes(rina, asked(budi)))
    answer = desk.post("give/", {"expected": "much", "valid_until": "2001-01-01"})
    assert (answer.status_code, "Enter the sum in digits" in text_of(answer)) == (422, True)
    answer = desk.post("give/", {"expected": "600", "valid_until": "2001-01-01", "shown": "600"})
    assert (answer.status_code, "at least until the last day of treatment" in text_of(answer)) == (422, True)
    assert reread(Guarantee.objects.get()).state == "asked"


@pytest.mark.parametrize("shown", ["", "NaN", "sNaN", "-1", "1e9999999", "600.01", "<b>"])
def test_a_promise_that_was_not_shown_is_shown_first(budi: Account, rina: Colleague, shown: str) -> None:
    found = takes(rina, asked(budi))
    desk = Desk(at_desk(rina), found)
    answer = desk.post("give/", terms(found, shown=shown))
    assert answer.status_code == 422
    assert reread(found).state == "asked"
    assert hidden(answer) == "600.00"


def test_a_letter_is_given_as_the_page_showed_it(budi: Account, rina: Colleague) -> None:
    found = takes(rina, asked(budi))
    desk = Desk(at_desk(rina), found)
    page = desk.get("give/")
    answer = desk.post("give/", terms(found, shown=hidden(page), conditions="A room for two."))
    assert (answer.status_code, answer["Location"]) == (302, desk.base)
    assert (reread(found).state, reread(found).promised) == ("given", 600)
    assert "A room for two." in text_of(opened(budi, f"{found.pk}/"))


def test_what_pays_nothing_offers_no_letter(budi: Account, rina: Colleague) -> None:
    desk = Desk(at_desk(rina), takes(rina, asked(budi, "500", "birth")))
    page = text_of(desk.get("give/"))
    assert "The plan would pay nothing of this." in page
    assert 'name="shown"' not in page


def test_a_refusal_is_read_before_it_is_sent(budi: Account, rina: Colleague) -> None:
    budi.language = "id"
    budi.save()
    found = takes(rina, asked(budi))
    desk = Desk(at_desk(rina), found)
    form = {"code": "no_referral", "reason": "Tanyakan dokter Anda."}
    shown = desk.post("refuse/", form)
    assert (shown.status_code, reread(found).state) == (422, "asked")
    assert 'lang="id"' in text_of(shown)
    assert "Tanyakan dokter Anda." in text_of(shown)
    other = desk.post("refuse/", {**form, "reason": "Something else.", "shown": hidden(shown)})
    assert (other.status_code, reread(found).state) == (422, "asked")
    assert desk.post("refuse/", {**form, "shown": hidden(shown)}).status_code == 302
    assert reread(found).state == "refused"
    budi.language = "en"
    budi.save()
    page = text_of(opened(budi, f"{found.pk}/"))
    assert "We need a doctor’s referral first." in page
    assert "Tanyakan dokter Anda." in page


def test_another_reason_needs_words(budi: Account, rina: Colleague) -> None:
    desk = Desk(at_desk(rina), takes(rina, asked(budi)))
    answer = desk.post("refuse/", {"code": "other", "reason": ""})
    assert (answer.status_code, "Please tell the member why." in text_of(answer)) == (422, True)


@pytest.mark.usefixtures("_small_authority")
def test_a_second_person_confirms_or_sends_back(budi: Account, rina: Colleague, maya: Colleague) -> None:
    found = takes(rina, asked(budi, "500"))
    first, second = Desk(at_desk(rina), found), Desk(at_desk(maya), found)
    assert first.post("give/", terms(found, "500", "500")).status_code == 302
    assert "Waits for a second person" in text_of(first.get())
    assert first.post("confirm/", {"shown": "500"}).status_code == 404
    assert second.post("confirm/", {"shown": "500"}).status_code == 422  # not in her hands
    second.post("take/")
    assert second.post("send-back/", {"remark": ""}).status_code == 422
    assert second.post("send-back/", {"remark": "Ask for the estimate."}).status_code == 302
    first.post("take/")
    assert "Ask for the estimate." in text_of(first.get())
    first.post("give/", terms(found, "400", "400"))
    second.post("take/")
    answer = second.post("confirm/", {"shown": "399"})
    assert (answer.status_code, hidden(answer)) == (422, "400.00")
    assert second.post("confirm/", {"shown": hidden(second.get())}).status_code == 302
    assert reread(found).state == "given"
    assert not GuaranteeProposal.objects.exists()


def test_a_colleagues_guarantee_is_taken_over_by_a_button(budi: Account, rina: Colleague, maya: Colleague) -> None:
    found = takes(rina, asked(budi))
    desk = Desk(at_desk(maya), found)
    assert "Rina has it in hand" in text_of(desk.get())
    assert desk.post("take/").status_code == 422
    assert desk.post("take/", {"over": "1"}).status_code == 302
    assert desk.post("put-back/").status_code == 302
    assert desk.post("put-back/").status_code == 422


def test_whoever_is_noted_as_family_after_taking_it_reads_no_more(budi: Account, rina: Colleague) -> None:
    found = given(budi)
    takes(rina, found)
    enter_relation(staff=rina.account.pk, person=budi.person, by=SYSTEM)
    desk = Desk(at_desk(rina), found)
    assert not any(part in text_of(desk.get()) for part in ("Budi", "GRP-88", "Drugs"))
    assert desk.get(f"letters/{found.letters.get().pk}.pdf").status_code == 404
    assert desk.get("extend/").status_code == 302


def test_a_letter_about_more_than_180_days_is_refused_at_its_field(budi: Account, rina: Colleague) -> None:
    found = given(budi)
    takes(rina, found)
    for last in (found.planned_from + timedelta(days=180), date(9999, 12, 31)):
        days = {"planned_to": last.isoformat(), "valid_until": last.isoformat()}
        answer = Desk(at_desk(rina), found).post("extend/", terms(found, **days))
        assert answer.status_code == 422
        assert "A letter can be about 180 days at most." in text_of(answer)


def test_guarantees_are_put_back_at_once_and_only_ones_own(budi: Account, rina: Colleague, maya: Colleague) -> None:
    mine, hers, nobodys = asked(budi), asked(budi), asked(budi)
    takes(rina, mine)
    takes(maya, hers)
    browser, page = at_desk(rina), f"{LIST}put-back/"
    assert browser.post(page, {"row": ["x", "7"], "act": "do"}).status_code == 422
    chosen = {"row": [str(one.pk) for one in (mine, hers, nobodys)]}
    will, will_not = text_of(browser.post(page, chosen)).split("Will not be done")
    assert mine.number in will
    assert "Maya has this guarantee in hand." in will_not
    assert "Take this guarantee first" in will_not
    assert hasattr(reread(mine), "in_hand"), "the preview changes nothing"
    assert mine.number in text_of(browser.post(page, {**chosen, "act": "do"})).split("Not done")[0]
    assert not hasattr(reread(mine), "in_hand")
    assert reread(hers).in_hand.name == "Maya"


def test_one_does_not_put_back_what_became_ones_familys(budi: Account, rina: Colleague, maya: Colleague) -> None:
    one = takes(rina, asked(budi))
    enter_relation(staff=rina.account.pk, person=budi.person, by=maya.actor)
    answer = at_desk(rina).post(f"{LIST}put-back/", {"row": [str(one.pk)], "act": "do"})
    assert "your own or your family’s" in text_of(answer)
    assert hasattr(reread(one), "in_hand")


def test_the_preview_of_many_guarantees_asks_the_same_as_for_one(
    budi: Account, rina: Colleague, django_assert_max_num_queries: Any
) -> None:
    rows = [takes(rina, asked(budi)) for _number in range(8)]
    browser = at_desk(rina)
    with django_assert_max_num_queries(9):
        assert rows[7].number in text_of(browser.post(f"{LIST}put-back/", {"row": [str(one.pk) for one in rows]}))


def test_filters_of_guarantees_are_saved(budi: Account, rina: Colleague) -> None:
    browser = at_desk(rina)
    ticket = text_of(browser.get(f"{LIST}?whose=mine")).split('name="ticket" value="')[1].split('"')[0]
    answer = browser.post("/desk/id/saved-filters/", {"ticket": ticket, "name": "On my desk"})
    assert answer["Location"] == f"{LIST}?whose=mine"
    assert "On my desk" in text_of(browser.get(LIST))
