"""`upload.malicious_stored`: how many files of sixty malicious kinds people could get as they came."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from benchmarks.figure import Figure
from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.files.checking.check import check
from mypolis.foundation.files.flows import open_file
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.files.receiving import receive
from mypolis.foundation.files.scanning.standin import EICAR
from mypolis.foundation.markets import market
from mypolis.membership.people.models import Policy
from tests.files.clamd import Gate, running_clamd
from tests.files.malicious import KINDS, MARK, Kind

_MEMBER = Actor("member", "1")
_BY_CLAMD = ("infected", "unscannable")


def figures(runs: int) -> Iterator[Figure]:
    """Yield the figure. One run is enough, because every run gives the same result."""
    owner = Policy.objects.create(
        market="id", type="individual", number="M-1", number_key="M1", start=market("id").today()
    )
    with tempfile.TemporaryDirectory() as folder, running_clamd(Path(folder)) as socket:
        gate = Gate(Path(folder) / "gate.sock", socket)
        settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"scanner_url": gate.url})
        results = [_result(kind, owner) for kind in KINDS]
        gate.close()
    counts = Counter(results)
    by_clamd = sum(counts[reason] for reason in _BY_CLAMD)
    cleaned, as_received, waiting = counts["clean"], counts["as received"], counts["checking"]
    refused = len(results) - cleaned - as_received - waiting - by_clamd
    yield Figure(
        name="upload.malicious_stored",
        value=as_received + waiting,
        unit="files",
        goal=0,
        runs=1,
        of="all",
        exact=True,
        note=f"{len(results)} files of {len({kind.number for kind in KINDS})} kinds, each received and checked with a "
        f"real clamd that knows EICAR only: {cleaned} stored as we wrote them anew, {refused} refused by our checks, "
        f"{by_clamd} refused by clamd, {waiting} without a result. Served as received: {as_received}",
    )


def _result(kind: Kind, owner: Policy) -> str:
    """The state of the file after its check, the reason of its refusal, or `as received` if something evil stayed."""
    content = kind.make()
    received = receive(market="id", owner=owner, kind="receipt", name=str(kind), content=[content], by=_MEMBER)
    check(received.pk)
    now = ReceivedFile.objects.get(pk=received.pk)
    if now.cleaned is None:
        return now.reason or now.state
    served = b"".join(open_file(file=now.cleaned, owner=owner, by=SYSTEM))
    return "as received" if served == content or MARK in served or EICAR in served else "clean"
