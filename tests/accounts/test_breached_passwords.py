"""Passwords known from leaks: looked up in the operator's file, which may be huge, wrong or gone."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis import checks
from mypolis.foundation.factors.passwords.breached_passwords import fault, holds, is_breached
from mypolis.foundation.factors.passwords.password_rules import problems
from mypolis.membership.accounts.findings import lint_breached_passwords
from tests.cast import ANNA, NEW_PASSWORD, PASSWORD, on_file
from tests.doors import Door
from tests.ecard.holders import Holder
from tests.post import Post
from tests.registration.steps import open_form

LEAKED = "tujuh bangau di atas sawah"


def digest(password: str) -> str:
    return hashlib.sha1(password.encode("utf-8", "replace"), usedforsecurity=False).hexdigest().upper()


def listed(folder: Path, *passwords: str, end: str = "\r\n") -> Path:
    """A list as it is offered."""
    path = folder / "pwned.txt"
    lines = sorted(f"{digest(one)}:{len(one)}{end}" for one in passwords)
    path.write_bytes("".join(lines).encode())
    return path


@pytest.fixture
def use(settings: Any) -> Any:
    """Have passwords looked up in a file."""

    def name(path: Path | None) -> None:
        settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"breached_passwords": path})

    return name


def test_a_leaked_password_is_refused_wherever_one_is_chosen(door: Door, post: Post, use: Any, tmp_path: Path) -> None:
    use(listed(tmp_path, NEW_PASSWORD, "another", "a third"))
    on_file(ANNA)
    door.start("ru", "register", "open")
    refused = door.answer("identity", **open_form(password=NEW_PASSWORD, password_repeat=NEW_PASSWORD))
    assert refused.status == 422
    assert ("password", "breached") in refused.errors
    assert door.answer("identity", **open_form(password=PASSWORD, password_repeat=PASSWORD)).status == 200


def test_a_member_who_changes_theirs_may_not_take_a_leaked_one(post: Post, use: Any, tmp_path: Path) -> None:
    anna = Holder(ANNA)
    use(listed(tmp_path, NEW_PASSWORD))
    new = {"present": PASSWORD, "password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}
    answer = anna.post("me/password", new)
    assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (422, ["breached"])


def test_without_a_list_nothing_is_looked_up(use: Any) -> None:
    use(None)
    assert not is_breached("123456")


def test_a_list_that_is_gone_is_logged_and_stops_nobody(use: Any, tmp_path: Path, capfd: Any) -> None:
    use(tmp_path / "gone.txt")
    assert problems(LEAKED, min_length=12) == []
    assert "passwords.breached_unreadable" in "".join(capfd.readouterr())


def test_what_is_typed_is_looked_up_as_it_is_hashed(use: Any, tmp_path: Path) -> None:
    use(listed(tmp_path, LEAKED))
    wide = LEAKED.replace("t", "\N{FULLWIDTH LATIN SMALL LETTER T}")
    assert [code for code, _sentence in problems(wide, min_length=12)] == ["breached"]


@given(st.sets(st.text(max_size=8), max_size=40), st.text(max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_exactly_the_listed_ones_are_found(known: set[str], other: str, end: str) -> None:
    lines = sorted(f"{digest(one)}:{number}{end}" for number, one in enumerate(known))
    file = io.BytesIO("".join(lines).encode())
    assert all(holds(file, digest(one).encode()) for one in known)
    assert holds(file, digest(other).encode()) == (other in known)


def test_a_last_line_without_an_end_counts(use: Any, tmp_path: Path) -> None:
    path = listed(tmp_path, LEAKED, "another")
    path.write_bytes(path.read_bytes().rstrip())
    use(path)
    assert is_breached(LEAKED)
    assert is_breached("another")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "is not a list"),
        ("password\n123456\n", "is not a list"),
        ("8846F7EAEE8FB117AD06BDD830B7586C:3\n", "is not a list"),  # NTLM
        ("".join(f"{digit * 40}:1\n" for digit in "BA09"), "is not ordered"),
    ],
    ids=["empty", "words", "ntlm", "by times"],
)
def test_a_wrong_file_is_told_before_anybody_is_served(text: str, wrong: str, use: Any, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(text)
    use(path)
    assert wrong in fault(path)
    assert checks.run() == [f"MYPOLIS_BREACHED_PASSWORDS: {path} {fault(path)}"]
    use(listed(tmp_path, LEAKED))
    assert lint_breached_passwords() == []


def test_a_file_that_is_not_there_is_told(use: Any, tmp_path: Path) -> None:
    use(tmp_path / "gone.txt")
    assert "cannot be read: No such file" in checks.run()[0]
