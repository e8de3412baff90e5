"""What the demo prints after starting: the URLs, and a few sample people to try."""

import threading
import time
from collections.abc import Iterator

from django.db import connection

from mypolis.demo.people import Sample, sample_people
from mypolis.demo.samples.colleagues import Colleague, sample_colleagues
from mypolis.foundation.files.scanning.configured_scanner import scanner
from mypolis.foundation.files.scanning.standin import StandIn
from mypolis.foundation.markets import all_markets
from mypolis.foundation.web.branding.brand import brand_of

_POLL_SECONDS = 0.2
_STATES = ("new", "invited", "registered")
_SHOWN = {
    "policy_type": "",
    "policy_number": "policy",
    "participant_number": "participant",
    "national_id": "national id",
    "birth_date": "born",
    "mobile": "mobile",
    "email": "e-mail",
    "username": "username",
    "password": "password",
    "invitation_url": "link",
}


def welcome(public_url: str, stopping: threading.Event, *, patience: float) -> str:
    """The lines. Waits at most `patience` seconds, or until `stopping` is set, for the worker's first invitations."""
    people, colleagues = _people(stopping, time.monotonic() + patience), sample_colleagues()
    connection.close()
    return "\n".join(_lines(public_url, people, colleagues))


def _people(stopping: threading.Event, deadline: float) -> list[Sample]:
    while True:
        people = sample_people()
        waiting = any(sample.state == "invited" and not sample.invitation_url for sample in people)
        if not waiting or stopping.wait(_POLL_SECONDS) or time.monotonic() > deadline:
            return people


def _lines(public_url: str, people: list[Sample], colleagues: list[Colleague]) -> Iterator[str]:
    yield ""
    yield "MyPolis is running. All data is invented. Ctrl-C stops it; the data stays."
    yield ""
    yield f"  {public_url}/"
    for code in all_markets():
        yield f"  {public_url}/{code}/  {brand_of(code).name}"
    yield f"  {public_url}/inbox/  all messages, all sample people, and the codes of the desk's staff"
    yield f"  {public_url}/desk/  the desk of the insurers' staff"
    if isinstance(scanner(), StandIn):
        yield "  no clamd: a stand-in scans uploads, which knows the test file EICAR only (MYPOLIS_SCANNER_URL)"
    for code in all_markets():
        yield ""
        yield f"{brand_of(code).name} ({code})"
        for sample in _some(people, code):
            yield _line(sample)
        for colleague in colleagues:
            if colleague.market == code:
                yield _line_of_staff(colleague)
    yield ""


def _some(people: list[Sample], market: str) -> Iterator[Sample]:
    """The first new person of every policy type, and the first in each of the other states."""
    seen = set()
    for state in _STATES:
        for sample in people:
            kind = (state, sample.policy_type if state == "new" else "")
            if sample.market == market and sample.state == state and kind not in seen:
                seen.add(kind)
                yield sample


def _line(sample: Sample) -> str:
    name = " ".join(filter(None, (sample.surname, sample.given_name, sample.patronymic)))
    facts = ", ".join(f"{label} {value}".strip() for key, label in _SHOWN.items() if (value := getattr(sample, key)))
    return f"  {sample.state:<10} {name}: {facts}"


def _line_of_staff(one: Colleague) -> str:
    return f"  {'desk':<10} {one.name}: {', '.join(one.roles)}, e-mail {one.email}, password {one.password}"
