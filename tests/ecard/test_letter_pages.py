"""A letter requested on a policy's page opens at once."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.insurance.ecard.models import Letter
from tests.cast import ANNA
from tests.ecard.holders import PageHolder
from tests.journeys.test_races import at_once
from tests.post import Post


def test_a_letter_opens_as_the_pdf_that_it_is(post: Post) -> None:
    anna = PageHolder(ANNA)
    policy = f"/ru/cover/{anna.membership.pk}/"
    form = anna.client.get(policy).content.decode().partition(f'action="{policy}letters/new/"')[2].partition(">")[0]
    assert 'target="_blank"' in form, "an app on the home screen has no way back from a PDF"
    answer = anna.client.post(f"{policy}letters/new/", {"language": "ru"})
    assert answer.status_code == 302
    paper = anna.client.get(answer["Location"])
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"].startswith("inline")
    assert b"".join(paper).startswith(b"%PDF")
    assert f'href="{answer["Location"]}"' in anna.client.get(policy).content.decode()


def _asked(anna: PageHolder, language: str = "ru") -> str:
    """Press the button. Returns the URL of the letter."""
    return str(anna.client.post(f"/ru/cover/{anna.membership.pk}/letters/new/", {"language": language})["Location"])


def test_a_second_press_leads_to_the_letter_of_the_first(post: Post) -> None:
    anna = PageHolder(ANNA)
    assert _asked(anna) == _asked(anna)
    assert Letter.objects.count() == 1
    assert Event.objects.filter(kind="letter.issued").count() == 1


def test_another_language_is_another_letter_and_so_is_a_press_later(post: Post) -> None:
    anna = PageHolder(ANNA)
    first = _asked(anna)
    assert _asked(anna, "en") != first
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert _asked(anna) != first
    assert Letter.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_write_one_letter(post: Post) -> None:
    anna = PageHolder(ANNA)
    tabs = [Client(), Client()]
    for tab in tabs:
        tab.cookies.update(anna.client.cookies)
    path = f"/ru/cover/{anna.membership.pk}/letters/new/"
    answers = at_once(*(lambda tab=tab: tab.post(path, {"language": "ru"})["Location"] for tab in tabs))
    assert len(set(answers)) == Letter.objects.count() == 1
