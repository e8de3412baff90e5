"""Whatever is typed for a code: only the six digits that stand are the code, in any spacing."""

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mypolis.foundation.guards.models import Counter
from mypolis.foundation.lib.crypto.tokens import new_code
from mypolis.foundation.lib.text.folding import ascii_digits
from tests.cast import ANNA, on_file
from tests.doors import ApiDoor
from tests.effort import examples
from tests.post import Post
from tests.registration.steps import open_form

SIGNS = st.text(st.sampled_from("0123456789 -٣५\u00a0abc+."), max_size=12)
bounded = settings(
    max_examples=examples(60, quick=15),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def waiting(client: Client, post: Post) -> tuple[ApiDoor, str]:
    """A journey at its code, and the code."""
    on_file(ANNA)
    door = ApiDoor(client)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form())
    return door, post.code(ANNA.mobile)


@bounded
@given(typed=SIGNS, at=st.integers(0, 6), gap=st.sampled_from([" ", "  ", "\u00a0"]), right=st.booleans())
def test_only_the_code_that_stands_opens_however_it_is_written(
    waiting: tuple[ApiDoor, str], typed: str, at: int, gap: str, right: bool
) -> None:
    door, code = waiting
    Counter.objects.all().delete()
    if right:
        with transaction.atomic():
            assert door.answer("code", code=code[:at] + gap + code[at:]).status == 200
            transaction.set_rollback(True)
    elif "".join(sign for sign in ascii_digits(typed) if sign.isdigit()) != code:
        reply = door.answer("code", code=typed)
        assert (reply.status, reply.step) == (422, "code")
        assert {field for field, _code in reply.errors} == {"code"}


@given(st.integers(1, 50))
def test_a_new_code_has_six_digits(times: int) -> None:
    for code in (new_code() for _time in range(times)):
        assert len(code) == 6
        assert code.isascii()
        assert code.isdigit()
