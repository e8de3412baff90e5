"""Emergency numbers as JSON."""

from collections.abc import Iterable
from typing import Literal

from ninja import Schema

from mypolis.foundation.markets.emergency import LineKind
from mypolis.insurance.emergencies.lines import Help, Line


class LineDoc(Schema):
    """A phone number: `tel` is its link; `state` says whether it is open now; `is_open` is null if we do not know."""

    kind: LineKind
    label: str
    phone: str
    tel: str
    hours: str
    state: str
    is_open: bool | None


class UrgentDoc(Schema):
    """What to show before anything about insurance; `crisis` and `bereavement` need a quiet tone."""

    kind: Literal["emergency", "crisis", "bereavement"]
    title: str
    text: str
    lines: list[LineDoc]


def urgent_doc(found: Help) -> UrgentDoc:
    """Help as JSON, without repeating what exactly the words described."""
    kinds: dict[str, Literal["crisis", "bereavement"]] = {"suicide": "crisis", "bereavement": "bereavement"}
    return UrgentDoc(
        kind=kinds.get(found.kind, "emergency"), title=found.title, text=found.text, lines=line_docs(found.lines)
    )


def line_docs(lines: Iterable[Line]) -> list[LineDoc]:
    """Numbers as JSON."""
    return [
        LineDoc(
            kind=line.kind,
            label=line.label,
            phone=line.phone,
            tel=line.tel,
            hours=line.hours,
            state=line.state,
            is_open=line.is_open,
        )
        for line in lines
    ]
