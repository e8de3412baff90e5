"""A visitor who compares everything: whole responses, their database queries, and what they wrote.

Only random values (tokens, the signed form) and typed values are removed.
"""

import html
import json
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.test import Client

from mypolis.foundation.guards.models import Counter, Refusals
from mypolis.foundation.notices.models import Message
from mypolis.membership.accounts.models import OneTimeCode
from tests.clock import NOON, stopped_at
from tests.doors import boxes
from tests.post import Post

BRACKETS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT")
RANDOM = re.compile(
    r'(?<=name="captcha_form" value=")[^"]+'  # the signed form
    r"|(?<![\w-])[\w-]{43}(?![\w-])"  # the token of a journey, a form, a session
    r"|(?<!\w)\w{64}(?!\w)|(?<=csrf=)\w{32}(?!\w)"  # CSRF
)

type Answers = dict[str, Any]
type Acts = Sequence[tuple[str, Answers]]


@dataclass(frozen=True)
class Seen:
    """One response as a stranger gets it, with its queries and the rows that it left."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str
    statements: list[str]
    rows: dict[str, int]
    traces: list[tuple[str, ...]]


@dataclass
class Visitor:
    """Somebody who walks one journey through one door, from a separate IP address, and notes everything."""

    door: str
    market: str
    journey: str
    way: str
    number: int
    invitation: str = ""
    seen: list[Seen] = field(default_factory=list)
    token: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        self.client = Client(REMOTE_ADDR=f"203.0.113.{self.number}")
        way = f"{self.way}/" if self.way else ""
        link = f"/{self.market}/i/{self.invitation}"
        self.address = link if self.invitation else f"/{self.market}/{self.journey}/{way}"

    def walk(self, acts: Acts, post: Post) -> list[Seen]:
        """Start, then act after act: a step answered, `resend`, or `wait` (seconds)."""
        at = NOON + timedelta(days=1)  # later than all actions of fixtures
        Counter.objects.all().delete()  # delete earlier counts on these names
        OneTimeCode.objects.update(line=None)  # and forget earlier codes
        with stopped_at(at):
            self.start()
        for act, answers in acts:
            at += timedelta(seconds=answers["seconds"] if act == "wait" else 1)
            with stopped_at(at):
                if act != "wait":
                    self.act(act, {name: value() if callable(value) else value for name, value in answers.items()})
                post.deliver()
        return self.seen

    def start(self) -> None:
        """Start the journey."""
        if self.door == "page":
            self._note({}, lambda: self.client.get(self.address))
            return
        body = {"journey": self.journey, "way": self.way}
        body |= {"invitation": self.invitation} if self.invitation else {}
        answer = self._note({}, lambda: self._post_json(f"/api/v1/{self.market}/journeys", body))
        self.token = answer.json().get("token", "")

    def act(self, act: str, answers: Answers) -> None:
        """Answer a step, or request another code. On pages, also note the next page."""
        if self.door == "api":
            address = f"/api/v1/{self.market}/journeys/{self.token}"
            body: Answers = {} if act == "resend" else {"step": act, "answers": answers}
            self._note(answers, lambda: self._post_json(address + ("/resend" if act == "resend" else ""), body))
            return
        data = {"resend": "1"} if act == "resend" else {"step": act, **boxes(answers)}
        answer = self._note(answers, lambda: self.client.post(self.address, data))
        if answer.status_code == 302:
            self._note(answers, lambda: self.client.get(answer["Location"]))

    def _post_json(self, address: str, body: Answers) -> Any:
        return self.client.post(address, json.dumps(body), content_type="application/json")

    def _note(self, typed: Answers, ask: Any) -> Any:
        rows, marks = counts(), newest()
        with statements() as asked:
            answer = ask()
        self.seen.append(
            Seen(
                status=answer.status_code,
                headers={name: value for name, value in answer.headers.items() if name != "X-Request-Id"},
                cookies=sorted(RANDOM.sub("…", morsel.OutputString()) for morsel in answer.cookies.values()),
                body=without(answer.content.decode(), typed),
                statements=asked,
                rows={name: count - rows[name] for name, count in counts().items() if count != rows[name]},
                traces=traces(marks),
            )
        )
        return answer


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect every database query in the block, without its values."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(BRACKETS):
            asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def counts() -> dict[str, int]:
    """Return the number of rows of every table, with one statement: separate queries took half of the tests' time."""
    with connection.cursor() as cursor:
        cursor.execute(_counting())
        return dict(cursor.fetchall())


@cache
def _counting() -> str:
    """Without the refusals of a day, which are one row for everybody: only the first that is refused adds it."""
    models = [model for model in apps.get_models() if model is not Refusals]
    tables = ((model._meta.label, connection.ops.quote_name(model._meta.db_table)) for model in models)
    return " UNION ALL ".join(f"SELECT '{label}', count(*) FROM {table}" for label, table in tables)


def newest() -> tuple[int, int, set[Any]]:
    """Return the newest event, job and message."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT max(id) FROM events_event), (SELECT max(id) FROM procrastinate_jobs)")
        event, job = cursor.fetchone()
    return event or 0, job or 0, set(Message.objects.values_list("pk", flat=True))


def traces(marks: tuple[int, int, set[Any]]) -> list[tuple[str, ...]]:
    """Return later events, jobs and messages, without the people concerned."""
    events, jobs, before = marks
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'event', kind, market FROM events_event WHERE id > %s ORDER BY id", [events])
        found = cursor.fetchall()
        columns = "'job', task_name, queue_name, priority::text, (scheduled_at IS NULL)::text"
        cursor.execute(f"SELECT {columns} FROM procrastinate_jobs WHERE id > %s ORDER BY id", [jobs])
        found += cursor.fetchall()
    messages = Message.objects.exclude(pk__in=before).order_by("created_at")
    return found + list(messages.values_list("channel", "template", "language", "urgent", "useless_after", "state"))


def without(body: str, typed: Answers) -> str:
    """Return the body without random and typed values."""
    body = RANDOM.sub("…", body)
    for name, value in {**typed, **boxes(typed)}.items():
        if name.startswith("birth_date_"):
            body = re.sub(rf'value="{value}"(?=\s+id="id_birth)', f'value="<{name}>"', body)
        elif isinstance(value, str) and value:
            for written in {value, html.escape(value), json.dumps(value, ensure_ascii=False)[1:-1]}:
                body = body.replace(written, f"<{name}>")
    return body


PARTS = ("status", "headers", "cookies", "body", "statements", "rows", "traces")


def assert_alike(seen: dict[str, list[Seen]], but: Collection[str] = ()) -> None:
    """Check that all responses are the same, part by part, except the parts in `but`."""
    (first, pattern), *others = seen.items()
    for name, found in others:
        assert len(found) == len(pattern)
        for number, (one, other) in enumerate(zip(pattern, found, strict=True)):
            for part in (part for part in PARTS if part not in but):
                assert getattr(one, part) == getattr(other, part), f"{name} is not {first}: {part} of answer {number}"
