"""Key rotation: no value is lost or forgotten, and what must wait is reported."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection, models, transaction
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.factors.passwords.password_rules import hash_password, verify_password
from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.keys import reencryption
from mypolis.foundation.keys.reencryption import Moved
from mypolis.foundation.keys.rotation import Rotation, rotate
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.encrypted import EncryptedField
from mypolis.foundation.lib.crypto.keyring import KeyRing, KeyRingError
from mypolis.foundation.notices.models import Message
from mypolis.membership.accounts.flows import create_account
from mypolis.membership.accounts.passwords.temporary_passwords import send_temporary_password
from mypolis.membership.people.models import Person
from tests.clock import beginning_at, disk_now
from tests.keys.conftest import RECHECK_SECONDS
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

WAIT = RECHECK_SECONDS + 0.1
LOOK_UP = "people.Person look-up"
NATIONAL_ID = "people.Person.national_id"

# Their values are not stored. They expire soon (`mypolis.foundation.keys.rotation` waits for them), or need no key.
SHORT_LIVED = {
    "accounts.OneTimeCode.digest",
    "accounts.OneTimeCode.contact",
    "accounts.OneTimeCode.line",
    "accounts.TemporaryPassword.digest",
}
WITHOUT_THE_RING = {
    *("factors.Holder.handle", "factors.Passkey.credential_id", "factors.Passkey.public_key"),  # random, or public
    "factors.RecoveryCode.digest",  # of 120 random bits: without a key, so that no rotation voids a printed code
    "events.Seal.digest",
    "audit.Verification.digest",  # of a seal: how far it was checked
    "events.Seal.previous",
    "guards.Counter.key",
    "guards.Spent.digest",
    "ecard.Look.place",
}


def exchange(*, new_key: bool = True, patience: float = 5) -> Rotation:
    return rotate(by=SYSTEM, new_key=new_key, wait=WAIT, patience=patience)


def put_on_file(number: str) -> Person:
    person = Person(market="rs", given_name="Mira", surname="Ilić", birth_date=date(1990, 1, 2), national_id=number)
    person.write_keys()
    person.save()
    return person


def begin_journey(**changes: object) -> Journey:
    made = {"token_hash": os.urandom(32), "market": "rs", "kind": "register", "version": "1", "language": "en"}
    life = {"expires_at": timezone.now() + timedelta(hours=1), "answers": {"identity": {"x": "ž"}}}
    return Journey.objects.create(**{**made, **life, **changes})


@contextmanager
def elsewhere(work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Run `work(stop)` in another thread with its own connection while the block runs."""
    stop = threading.Event()

    def run() -> None:
        try:
            work(stop)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        try:
            yield
        finally:
            stop.set()
            running.result(60)


@contextmanager
def locked(person: Person) -> Iterator[None]:
    held = threading.Event()

    def hold(stop: threading.Event) -> None:
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=person.pk)
            held.set()
            stop.wait(60)

    with elsewhere(hold):
        assert held.wait(60)
        yield


def test_a_value_that_no_key_opens_stops_it_and_is_named(ring: Path) -> None:
    person = put_on_file("0101006500006")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET national_id = %s", [b"\x01\x02k7" + b"?" * 40])
    with pytest.raises(KeyRingError, match=f"people.Person, rows {person.pk} to {person.pk}: key k7"):
        exchange()
    assert not Event.objects.filter(kind="keys.rotated").exists()


def test_a_second_rotation_at_the_same_time_is_refused(ring: Path) -> None:
    started = threading.Event()

    def hold(stop: threading.Event) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [0x6B657973])
            started.set()
            stop.wait(60)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [0x6B657973])

    with elsewhere(hold):
        assert started.wait(60)
        with pytest.raises(KeyRingError, match="another rotation"):
            exchange()
    assert set(KeyRing.load(ring).keys) == {"k1"}


def test_one_number_under_two_keys_is_told_and_keeps_the_old_key(ring: Path) -> None:
    put_on_file("0101006500006")
    keyring.promote(ring, keyring.add_key(ring))
    until(lambda: keyring.current().primary == "k2")
    put_on_file("0101006500006")
    other = put_on_file("0601999710135")

    done = exchange(new_key=False)

    assert done.moved[LOOK_UP] == Moved(done=0, locked=0, equal=1)
    assert not done.is_complete
    assert done.retired == ()
    assert done.kept == {"k1": ["the rotation is not complete"]}
    assert list(Person.objects.with_national_id("0601999710135")) == [other]


def test_a_transaction_from_before_keeps_the_old_key(ring: Path) -> None:
    with locked(put_on_file("0101006500006")):
        done = exchange(patience=0.3)
        assert done.waits_for == 1
        assert done.moved[NATIONAL_ID].locked == 1
        assert not done.is_complete
        assert set(KeyRing.load(ring).keys) == {"k1", "k2"}
    assert exchange(new_key=False).retired == ("k1",)
    assert Person.objects.with_national_id("0101006500006").get().national_id == "0101006500006"


def test_everything_is_moved_found_and_told(ring: Path) -> None:
    people = [put_on_file(f"{number:013}") for number in range(3)]
    journey = begin_journey(result={"shows": "x"}, finished_at=timezone.now())
    message = Message.objects.create(
        market="rs", channel="email", template="code", language="en", to="a@b.test", created_at=timezone.now()
    )

    done = exchange()

    assert done.retired == ("k1",)
    assert done.kept == {}
    assert {place: moved.done for place, moved in done.moved.items() if moved.done} == {
        LOOK_UP: 3,
        NATIONAL_ID: 3,
        "journeys.Journey.answers": 1,
        "journeys.Journey.result": 1,
        "notices.Message.to": 1,
    }
    assert set(KeyRing.load(ring).keys) == {"k2"}
    for number, person in enumerate(people):
        found = Person.objects.with_national_id(f"{number:013}").get()
        assert (found, found.national_id) == (person, f"{number:013}")
    journey.refresh_from_db()
    message.refresh_from_db()
    assert journey.answers == {"identity": {"x": "ž"}}
    assert message.to == "a@b.test"
    facts = Event.objects.get(kind="keys.rotated").facts
    assert facts == {"key": "k2", "rows": 9, "left": 0, "retired": "k1", "kept": ""}


def test_a_password_keeps_its_key_until_its_owner_signed_in(ring: Path) -> None:
    account = create_account(
        person=put_on_file("0101006500006"),
        password_hash=hash_password("seven quiet herons"),
        language="en",
        contacts=[],
        by=SYSTEM,
    )
    done = exchange()
    assert done.is_complete
    assert done.kept == {"k1": ["1 passwords, until their owners sign in"]}
    account.refresh_from_db()
    assert verify_password("seven quiet herons", account.password_hash)

    account.password_hash = hash_password("seven quiet herons")
    account.save()
    assert exchange(new_key=False).retired == ("k1",)
    assert verify_password("seven quiet herons", account.password_hash)


@pytest.fixture
def by_the_disk(tmp_path: Path) -> Iterator[None]:
    """The clock of the disk: the time of the key ring's file shows when a key came into use."""
    with beginning_at(disk_now(tmp_path)):
        yield


def test_what_is_short_lived_keeps_its_key_for_its_life(by_the_disk: None, ring: Path) -> None:
    account = create_account(
        person=put_on_file("0101006500006"), password_hash="k9$x", language="en", contacts=[], by=SYSTEM
    )
    send_temporary_password(account=account, market=account.market, language=account.language, by=SYSTEM)
    journey = begin_journey()

    assert exchange().kept == {"k1": ["1 open journeys, until they end", "1 temporary passwords, for some minutes"]}

    account.temporary_passwords.update(expires_at=timezone.now())
    Journey.objects.filter(pk=journey.pk).update(expires_at=timezone.now())
    assert exchange(new_key=False).retired == ("k1",)


def test_people_are_written_found_and_read_all_the_while(ring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reencryption, "BATCH", 7)
    before = [f"1{number:012}" for number in range(60)]
    for number in before:
        put_on_file(number)
    written: list[str] = []

    def serve(stop: threading.Event) -> None:
        while not stop.is_set():
            number = f"2{len(written):012}"
            put_on_file(number)
            written.append(number)
            for wanted in (number, written[len(written) // 2], before[len(written) % len(before)]):
                assert Person.objects.with_national_id(wanted).get().national_id == wanted

    with elsewhere(serve), elsewhere_saves(before):
        until(lambda: len(written) > 10)
        done = exchange()
        until(lambda: list(keyring.current().keys) == ["k2"])
        enough = len(written) + 10
        until(lambda: len(written) > enough)

    assert done.retired == ("k1",)
    for number in before + written:
        assert Person.objects.with_national_id(number).get().national_id == number


@contextmanager
def elsewhere_saves(numbers: list[str]) -> Iterator[None]:
    """Other threads read people and save them a moment later, as flows do."""

    def save(stop: threading.Event) -> None:
        turn = 0
        while not stop.is_set():
            with transaction.atomic():
                person = Person.objects.select_for_update().get(
                    pk=Person.objects.with_national_id(numbers[turn % len(numbers)]).get().pk
                )
                stop.wait(0.005)
                person.write_keys()
                person.save()
            turn += 1

    with elsewhere(save):
        yield


def test_killed_and_run_again_it_goes_on_with_the_same_key(ring: Path) -> None:
    people = [put_on_file(f"{number:013}") for number in range(20)]
    with locked(people[7]):
        process = subprocess.Popen([sys.executable, "-c", ROTATE], env=environment(ring))
        try:
            until(lambda: reencryption.count_under("k1") == 1 or process.poll() is not None)
        finally:
            process.kill()
            process.wait()
    assert reencryption.count_under("k1") == 1

    assert exchange().retired == ("k1",)
    assert set(KeyRing.load(ring).keys) == {"k2"}
    for number, person in enumerate(people):
        assert Person.objects.with_national_id(f"{number:013}").get() == person


ROTATE = """
import django
django.setup()
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.keys.rotation import rotate
rotate(by=SYSTEM, wait=1.1, patience=1)
"""


def environment(ring: Path) -> dict[str, str]:
    at = connection.settings_dict
    parts = {
        "dbname": at["NAME"],
        "user": at["USER"],
        "password": at["PASSWORD"],
        "host": at["HOST"],
        "port": at["PORT"],
    }
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "mypolis.settings",
        "DATABASE_URL": " ".join(f"{name}={value}" for name, value in parts.items() if value),
        "MYPOLIS_KEYS_FILE": str(ring),
        "MYPOLIS_MODE": django_settings.MYPOLIS.mode,
    }


def test_a_key_that_was_added_but_not_yet_promoted_is_taken(ring: Path) -> None:
    keyring.add_key(ring)
    put_on_file("0101006500006")
    assert exchange().primary == "k2"
    assert Person.objects.with_national_id("0101006500006").exists()


def test_every_keyed_column_is_made_anew_or_known_to_be_short_lived() -> None:
    covered = {(table, name) for table, names in reencryption.digest_columns().items() for name in names}
    unknown = {
        f"{field.model._meta.label}.{field.name}"
        for table in apps.get_models()
        if table.__module__.startswith("mypolis.")
        for field in table._meta.local_fields
        if isinstance(field, models.BinaryField) and not isinstance(field, EncryptedField)
        if (table, field.name) not in covered and not field.name.endswith("_hash")  # of tokens: without a key
    }
    assert covered
    assert unknown == SHORT_LIVED | WITHOUT_THE_RING
