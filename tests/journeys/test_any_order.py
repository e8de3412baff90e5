"""Two journeys at once, answered, sent back, asked again and begun anew in any order: against the real engine, the real
database and a built-in market. None ends without every proof that its person owes."""

from collections import Counter as Tally
from datetime import timedelta
from typing import Any

import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mypolis.membership.accounts.models import Account, ContactPoint
from tests.cast import ANNA, on_file
from tests.doors import ApiDoor, Reply
from tests.post import Post
from tests.registration.steps import open_form

ON_FILE, OTHER = ANNA.mobile, "+79169990011"
STEPS = ("identity", "code", "email-code")
ENDS: Tally[str] = Tally()

# Weighted towards what gets far: an order that ends early tells little.
journeys = st.sampled_from([0, 0, 1])
mobiles = st.sampled_from([OTHER, ON_FILE])
steps_on = st.sampled_from([2, 2, 1, 3])


class Walker:
    """One journey as its person lives it: what was typed, which codes came, which contacts were proven."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.door = ApiDoor(Client())
        self.begin()

    def begin(self) -> None:
        """A new journey: nothing of the old one counts."""
        self.door.start("ru", "register", "open")
        self.mobile = ""
        self.codes: dict[str, list[str]] = {}
        self.proven: set[str] = set()

    def collect(self) -> None:
        """The letters that the last move brought are this journey's."""
        for letter in self.post.deliver():
            if letter.template == "code":
                self.codes.setdefault(letter.to, []).append(letter.code)

    @property
    def step(self) -> str:
        """The step that is open; empty at the end."""
        return (self.door.document.get("step") or {}).get("name", "")

    @property
    def contact(self) -> str:
        """Where the open step's code went."""
        return self.mobile if self.step == "code" else ANNA.email

    def identify(self, mobile: str, **changes: Any) -> None:
        """Fill in the first page."""
        if self.door.answer("identity", **open_form(mobile=mobile, **changes)).status == 200:
            self.mobile = mobile
        self.collect()

    def enter(self, code: str) -> Reply:
        """Enter a code at the step that is open; at the end there is none."""
        step, contact, good = self.step, self.contact, self.newest
        reply = self.door.answer(step, code=code)
        if reply.status == 200:
            assert code == good, "a code that is not the newest of this journey and contact was taken"
            self.proven.add(contact)
        self.collect()
        return reply

    @property
    def newest(self) -> str:
        """The newest code that came for the open step."""
        return (self.codes.get(self.contact) or [""])[-1]

    @property
    def is_done(self) -> bool:
        """Whether the API calls it done."""
        return self.door.document.get("state") == "done"


class AnyOrder(RuleBasedStateMachine):
    """Each example runs in a savepoint of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.time = self.clock.start()

    def teardown(self) -> None:
        ENDS["done"] += Account.objects.count()
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        self.clock.stop()

    @initialize()
    def on_file(self) -> None:
        on_file(ANNA)
        post = Post()
        self.walkers = [Walker(post), Walker(post)]
        self.proven: set[str] = set()

    @rule(which=journeys, mobile=mobiles)
    def change_ones_mind(self, which: int, mobile: str) -> None:
        walker = self.walkers[which]
        if walker.step != "identity":
            walker.door.back("identity")
        walker.identify(mobile)

    @rule(which=journeys, mobile=mobiles, steps=steps_on, then=st.none() | mobiles)
    def go_on_rightly(self, which: int, mobile: str, steps: int, then: str | None) -> None:
        for _step in range(steps):
            if self.walkers[which].step == "identity":
                self.walkers[which].identify(mobile)
            else:
                self.enter_the_code_that_came(which)
        if then:
            self.change_ones_mind(which, then)

    @rule(which=journeys)
    def enter_the_code_that_came(self, which: int) -> None:
        walker = self.walkers[which]
        if walker.step in ("code", "email-code") and walker.newest:
            walker.enter(walker.newest)

    @rule(which=journeys, what=st.sampled_from(["stranger", "older", "other's", "again", "skip", "wait", "anew"]))
    def be_a_nuisance(self, which: int, what: str) -> None:
        walker, other = self.walkers[which], self.walkers[1 - which]
        codes = walker.codes.get(walker.contact, [])
        match what:
            case "stranger" if walker.step == "identity":
                walker.identify(ON_FILE, surname="Чужая")
            case "older" if walker.step != "identity" and len(codes) > 1 and codes[-2] != codes[-1]:
                walker.enter(codes[-2])
            case "other's" if walker.step != "identity" and other.newest not in ("", walker.newest):
                walker.enter(other.newest)
            case "again":
                walker.door.resend()
                walker.collect()
            case "skip":
                for step in {*STEPS} - {walker.step}:
                    assert walker.door.answer(step, code="123456").status in (409, 410, 422)
            case "wait":
                self.time.shift(timedelta(seconds=61))
            case "anew":
                walker.begin()

    @rule(which=journeys, to=st.sampled_from(STEPS))
    def go_back(self, which: int, to: str) -> None:
        walker = self.walkers[which]
        if walker.door.back(to).status == 200:
            walker.proven -= {walker.mobile} if to == "code" else {ANNA.email} if to == "email-code" else set()
        walker.collect()

    @invariant()
    def nobody_is_done_nor_an_account_holds_anything_without_every_proof(self) -> None:
        for walker in getattr(self, "walkers", []):
            if walker.is_done:
                owed = {walker.mobile} | ({ANNA.email} if walker.mobile == OTHER else set())
                assert owed <= walker.proven
                self.proven |= walker.proven
        for point in ContactPoint.objects.filter(confirmed_at__isnull=False):
            assert point.value in self.proven


def test_no_order_of_moves_in_two_journeys_ends_without_every_proof(db: None) -> None:
    ENDS.clear()
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=30,
            stateful_step_count=8,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert ENDS["done"] >= 5, "too few of the orders came to an end to tell anything"
