"""The engine's promises, on journeys of its own and on real ones."""

import pickle
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.guards.models import Counter
from mypolis.foundation.journeys import rows
from mypolis.foundation.journeys.definitions.answers import Answer, Answers, Json, gone_back
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, StepForm, Walk, answered, is_met
from mypolis.foundation.journeys.jobs import purge
from mypolis.foundation.journeys.models import Journey
from mypolis.membership.accounts.models import Account
from tests.cast import ANNA, BUDI, JELENA, PASSWORD, on_file
from tests.doors import ApiDoor, Door, PageDoor, boxes
from tests.post import Post
from tests.registration.steps import card_form, client_form, open_form


def step(name: str, *, asked: str = "", depends_on: str = "") -> Step:
    """A step asked only where an earlier answer is "yes"; resting on an earlier answer."""

    def is_asked(answers: Answers) -> bool:
        return not asked or (asked in answers and answers[asked].clean.get("a") == "yes")

    def basis(answers: Answers) -> Json:
        return answers[depends_on].clean.get("a") if depends_on in answers else None

    return Step(name=name, form=StepForm, title=name, button="go", asked=is_asked, depends_on=basis)


def finish(walk: Walk) -> Outcome:
    """Never called here."""
    raise AssertionError


JOURNEY = Definition(
    market="rs",
    kind="register",
    title="test",
    steps=(step("first"), step("extra", asked="first"), step("proof", depends_on="first"), step("last")),
    finish=finish,
)


def test_a_conditional_step_is_a_step_whose_need_depends_on_the_answers() -> None:
    answers = answered(JOURNEY.steps[0], {}, typed={}, clean={"a": "no"}, facts={})
    assert [one.name for one in JOURNEY.path(answers)] == ["first", "proof", "last"]
    answers = answered(JOURNEY.steps[0], answers, typed={}, clean={"a": "yes"}, facts={})
    assert [one.name for one in JOURNEY.path(answers)] == ["first", "extra", "proof", "last"]


def test_an_answer_is_void_once_what_it_rested_on_changes_and_good_again_when_it_changes_back() -> None:
    first, _extra, proof, _last = JOURNEY.steps
    answers = answered(first, {}, typed={}, clean={"a": "no"}, facts={})
    answers = answered(proof, answers, typed={}, clean={}, facts={})
    changed = answered(first, answers, typed={}, clean={"a": "maybe"}, facts={})
    assert is_met(proof, answers)
    assert not is_met(proof, changed)
    assert JOURNEY.current(changed) is proof


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.sampled_from(["yes", "no", "maybe"])),
        st.tuples(st.just("back"), st.sampled_from([one.name for one in JOURNEY.steps])),
    ),
    max_size=25,
)


@given(MOVES)
def test_no_order_of_answers_and_backs_reaches_the_end_without_every_proof(moves: list[tuple[str, str]]) -> None:
    answers: dict[str, Answer] = {}
    for kind, value in moves:
        here = JOURNEY.current(answers)
        if kind == "back":
            answers = gone_back(value, answers)
        elif here is not None:
            answers = answered(here, answers, typed={}, clean={"a": value}, facts={})
    reached = [one.name for one in JOURNEY.reached(answers)]
    assert reached == [one.name for one in JOURNEY.path(answers)][: len(reached)]
    if JOURNEY.current(answers) is None:
        assert all(is_met(one, answers) for one in JOURNEY.path(answers))
        assert answers["proof"].basis == answers["first"].clean["a"]


def test_a_token_has_at_least_128_bits_and_only_its_hash_is_kept(client: Client, db: None) -> None:
    door = ApiDoor(client)
    door.start("ru", "register", "open")
    assert len(door.token) >= 22
    kept = Journey.objects.get()
    assert door.token.encode() not in bytes(kept.token_hash)
    assert not Event.objects.filter(facts__icontains=door.token).exists()


def test_answers_are_encrypted_and_a_password_is_kept_only_as_its_hash(client: Client, db: None) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form())
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM journeys_journey")
        raw = bytes(cursor.fetchone()[0])
    assert "Соколова".encode() not in raw
    answers = str(Journey.objects.get().answers)
    assert "Соколова" in answers
    assert PASSWORD not in answers
    assert "argon2id" in answers


def test_a_journey_is_never_pickled(db: None) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Journey())


def test_looking_changes_nothing(door: Door) -> None:
    on_file(BUDI)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    before = list(Journey.objects.values())
    for _look in range(3):
        assert door.look().step == "licence"
    assert list(Journey.objects.values()) == before


def test_opening_a_first_page_writes_no_row(client: Client, db: None) -> None:
    PageDoor(client).start("ru", "register")
    assert Journey.objects.count() == 0


def test_a_step_that_is_not_open_is_refused(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    door.start("id", "register", "group")
    assert door.answer("licence", accept_licence=True).status == 409
    assert door.answer("nonsense").status == 422
    door.answer("identity", **card_form())
    assert door.answer("identity", **card_form()).status == 409


def test_a_finished_journey_takes_nothing_more_and_keeps_no_answers(client: Client, db: None) -> None:
    on_file(JELENA)
    door = ApiDoor(client)
    door.start("rs", "register")
    door.answer("identity", **client_form())
    assert door.answer("identity", **client_form()).status == 409
    assert Journey.objects.get().answers is None
    assert door.look().result == {"next": "signin"}


def test_going_back_shows_what_was_typed_but_never_a_password(door: Door) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(mobile="8 (916) 123-45-67", surname="соколова"))
    assert door.back("identity").step == "identity"
    assert door.value("surname") == "соколова"
    assert door.value("mobile") == "8 (916) 123-45-67"
    assert not door.value("password")
    assert PASSWORD not in door.look().text


def test_going_forward_to_a_step_not_yet_reached_is_refused(client: Client, db: None) -> None:
    door = ApiDoor(client)
    door.start("id", "register", "group")
    assert door.back("password").status == 409
    assert door.back("nonsense").status == 422


def test_an_abandoned_journey_resumes_within_its_life_and_then_ends(client: Client, db: None) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=False):
        assert door.look().step == "licence"
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert door.answer("licence", accept_licence=True).status == 410
        door.look()
        assert door.document["state"] == "expired"
        assert door.document["step"] is None
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert door.look().status == 404


def test_an_expired_page_begins_again_and_leaks_nothing(client: Client, db: None) -> None:
    on_file(BUDI)
    door = PageDoor(client)
    door.start("id", "register", "group")
    door.answer("identity", **card_form())
    with time_machine.travel(timezone.now() + timedelta(minutes=59, seconds=59), tick=False):
        assert door.look().step == "licence"
    Journey.objects.update(expires_at=timezone.now())
    reply = door.look()
    assert reply.step == "identity"
    assert BUDI.email not in reply.text


def test_old_journeys_are_purged(client: Client, db: None) -> None:
    ApiDoor(client).start("id", "register", "group")
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        purge(0)
    assert Journey.objects.count() == 0


def test_another_markets_token_is_unknown(client: Client, db: None) -> None:
    door = ApiDoor(client)
    door.start("id", "register", "group")
    assert client.get(f"/api/v1/ru/journeys/{door.token}").status_code == 404


def test_an_unfinished_journey_lends_nothing_to_another(client: Client, post: Post) -> None:
    on_file(BUDI)
    one, other = ApiDoor(client), ApiDoor(Client())
    one.start("id", "register", "group")
    one.answer("identity", **card_form())
    other.start("id", "register", "group")
    assert other.answer("licence", accept_licence=True).status == 409


def test_a_definition_that_changed_ends_the_journeys_that_began_under_the_old_one(client: Client, db: None) -> None:
    door = ApiDoor(client)
    door.start("id", "register", "group")
    Journey.objects.update(version="0")
    assert door.answer("identity", **card_form()).status == 410


def test_an_address_that_starts_too_many_journeys_is_throttled_and_others_are_not(
    client: Client, db: None, settings: pytest.FixtureRequest
) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": 0.005})  # type: ignore[attr-defined]
    for _journey in range(5):
        assert ApiDoor(client).start("id", "register", "group").status == 201
    refused = ApiDoor(client).start("id", "register", "group")
    assert refused.status == 429
    elsewhere = ApiDoor(Client(REMOTE_ADDR="198.51.100.7"))
    assert elsewhere.start("id", "register", "group").status == 201


def test_nothing_is_written_without_an_event(client: Client, post: Post) -> None:
    on_file(BUDI)
    door = ApiDoor(client)
    door.start("id", "register", "group")
    door.answer("identity", **card_form(policy_number="no"))
    door.answer("identity", **card_form())
    kinds = list(Event.objects.filter(kind__startswith="journey").order_by("id").values_list("kind", flat=True))
    assert kinds == ["journey.started", "journey.refused", "journey.answered"]
    assert all(event.address for event in Event.objects.all())


def test_migrations_say_what_the_models_say(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", "--check", "--dry-run")
    assert capsys.readouterr().out == "No changes detected\n"


def test_a_refresh_of_a_post_has_no_second_effect(client: Client, post: Post) -> None:
    on_file(JELENA)
    form = {**client_form(), "step": "identity", "accept_privacy": "on"}
    assert client.post("/rs/register/", form).status_code == 302
    assert client.post("/rs/register/", form).status_code in (302, 422)
    assert Account.objects.count() == 1


def test_one_market_may_not_start_what_it_does_not_have(client: Client, db: None) -> None:
    assert ApiDoor(client).start("rs", "recover-username").status == 422
    assert ApiDoor(client).start("ru", "register", "group").status == 422
    assert client.get("/rs/recover-username/").status_code == 404
    walk = rows.unsaved(market="ru", kind="register", way="", language="ru", entry={}, by=SYSTEM)
    assert walk.way == "open"


def test_a_refresh_of_a_refused_answer_counts_nothing_and_loses_nothing(client: Client, post: Post) -> None:
    on_file(ANNA)
    client.get("/ru/register/")
    form = {**boxes(open_form(birth_date="1970-01-01")), "step": "identity", "form": "drawn-once"}
    assert client.post("/ru/register/", form).status_code == 422
    before = list(Counter.objects.values_list("key", "count"))
    again = client.post("/ru/register/", form, follow=True)
    assert list(Counter.objects.values_list("key", "count")) == before
    assert "Соколова" in again.content.decode()
    assert Journey.objects.count() == 1


def test_a_refresh_after_the_end_starts_nothing(client: Client, post: Post) -> None:
    on_file(JELENA)
    form = {**client_form(), "step": "identity", "form": "drawn-once", "accept_privacy": "on"}
    assert client.post("/rs/register/", form).status_code == 302
    assert client.post("/rs/register/", form).status_code == 302
    assert Journey.objects.count() == 1
    assert [letter.template for letter in post.to(JELENA.email)] == ["account-created"]
