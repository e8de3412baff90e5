"""Prepared writes do what `save` does, with one statement."""

from typing import Any

import pytest
from django.utils import timezone

from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.lib.postgres.prepared_writes import insert, update
from mypolis.membership.people.models import Employer

pytestmark = pytest.mark.django_db


def test_an_inserted_row_has_its_key_and_can_be_saved_again(django_assert_num_queries: Any) -> None:
    employer = Employer(market="rs", key="mill", name="Mill")
    with django_assert_num_queries(1):
        insert(employer)
    assert Employer.objects.get() == employer
    employer.name = "Old mill"
    with django_assert_num_queries(1):
        employer.save()
    assert Employer.objects.get().name == "Old mill"


def test_a_key_that_the_program_makes_and_sealed_values_are_kept() -> None:
    journey = Journey(market="rs", kind="signin", version=1, language="en", answers={"a": {"b": 1}})
    journey.token_hash, journey.expires_at = b"x" * 32, timezone.now()
    insert(journey)
    read = Journey.objects.get(pk=journey.pk)
    assert (read.answers, bytes(read.token_hash), read.expires_at) == ({"a": {"b": 1}}, b"x" * 32, journey.expires_at)


def test_an_update_writes_the_named_fields_and_no_others(django_assert_num_queries: Any) -> None:
    employer = Employer.objects.create(market="rs", key="mill", name="Mill")
    employer.key, employer.name = "other", "Old mill"
    with django_assert_num_queries(1):
        update(employer, ["name"])
    assert Employer.objects.values_list("key", "name").get() == ("mill", "Old mill")


def test_a_row_that_is_gone_cannot_be_updated() -> None:
    employer = Employer.objects.create(market="rs", key="mill", name="Mill")
    Employer.objects.all().delete()
    with pytest.raises(Employer.DoesNotExist):
        update(employer, ["name"])
