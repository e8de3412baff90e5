"""Compares database, queue and stored files at the end with what the portal acknowledged to members."""

import hashlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
from PIL import Image

from tests.faults import ledger
from tests.faults.claims.client import Claimant
from tests.faults.claims.core import Core
from tests.faults.world import World

_CHECKING = "SELECT count(*) FROM files_receivedfile WHERE state = 'checking'"
# A job that failed is kept to be read; its file gets another one.
_JOBS = "SELECT task_name, status, attempts FROM procrastinate_jobs WHERE queue_name = 'files' AND status <> 'failed'"
_LONG_AGO = timedelta(days=3).total_seconds()


def unsettled(world: World) -> list[str]:
    """Return unfinished checks, messages and jobs; empty when all is done."""
    checking = world.rows(_CHECKING)[0][0]
    waits = [f"{checking} files are being checked"] if checking else []
    return [*waits, *(str(job) for job in world.rows(_JOBS)), *ledger.unsettled(world)]


def differences(world: World, claimants: Sequence[Claimant], core: Core) -> list[str]:
    """Return everything that was lost, done twice or cannot be read; empty if all is as acknowledged."""
    sweep(world)
    return [
        *_claims(world, claimants),
        *_files(world, claimants),
        *_served(claimants),
        *_stored(world),
        *_limits(world, core),
        *_once(world),
    ]


def sweep(world: World) -> None:
    """Run the nightly jobs as if some days had passed, so that they delete what interrupted requests left behind."""
    world.rows("UPDATE uploads_upload SET written_at = now() - interval '3 days' RETURNING id")
    for path in _store(world):
        os.utime(path, (time.time() - _LONG_AGO, time.time() - _LONG_AGO))
    world.script(
        "from mypolis.foundation.files.jobs import sweep\nfrom mypolis.membership.uploads.jobs import forget\n"
        "forget(timestamp=0)\nsweep(timestamp=0)"
    )


def _claims(world: World, claimants: Sequence[Claimant]) -> Iterator[str]:
    """Every acknowledged claim is there, under its number, once; and nobody sent another."""
    rows = world.rows("SELECT number, id::text FROM claims_claim WHERE number <> ''")
    told = Counter((one.number, one.claim) for one in claimants)
    for claim, times in ((Counter(rows) - told) + (told - Counter(rows))).items():
        yield f"claim {claim}: {rows.count(claim)} in the database, acknowledged {told[claim]} times ({times})"


def _files(world: World, claimants: Sequence[Claimant]) -> Iterator[str]:
    """Every acknowledged file belongs to its claim, is clean, and its sealed bytes are those that were sent."""
    there = {
        one["id"]: one for one in json.loads(world.script(f"from {__name__} import tell_received\ntell_received()"))
    }
    for one in claimants:
        for file, (digest, size) in one.files.items():
            found = there.pop(file, None)
            right = {"id": file, "owner": f"claims.claim:{one.claim}", "state": "clean", "size": size}
            if found != {**right, "sha256": digest, "sealed": digest}:
                yield f"{one.number}: {found} instead of {right}"
    yield from (f"a file that nobody sent: {one}" for one in there.values())


def tell_received() -> None:
    """Print all received files with the digest of their sealed bytes. Runs inside the deployment."""
    from mypolis.foundation.files.models import ReceivedFile  # noqa: PLC0415 - needs Django set up
    from mypolis.foundation.files.receiving import open_received  # noqa: PLC0415

    told = []
    for file in ReceivedFile.objects.all():
        sealed = hashlib.sha256(b"".join(open_received(file))).hexdigest()
        about = {"id": str(file.pk), "owner": file.owner, "state": file.state, "size": file.size}
        told.append({**about, "sha256": file.sha256, "sealed": sealed})
    sys.stdout.write(json.dumps(told) + "\n")


def _served(claimants: Sequence[Claimant]) -> Iterator[str]:
    """People can open the cleaned copy of every file."""
    for one in claimants:
        for file in one.files:
            answer = one.served(file)
            kind = answer.headers["Content-Type"]
            if answer.status_code != 200 or not _opens(kind, answer.content):
                yield f"{one.number}: file {file} is served as {answer.status_code} {kind}"


def _opens(kind: str, content: bytes) -> bool:
    if kind == "application/pdf":
        with pikepdf.open(BytesIO(content)) as pdf:
            return len(pdf.pages) == 1
    return kind == "image/jpeg" and Image.open(BytesIO(content)).size == (120, 90)


def _stored(world: World) -> Iterator[str]:
    """The store holds what the database names, and nothing else; no upload is left unfinished."""
    named = world.rows("SELECT id FROM files_storedfile UNION ALL SELECT id FROM files_receivedpart")
    here, rows = {path.name for path in _store(world)}, {key.hex for (key,) in named}
    yield from (f"lost in the store: {name}" for name in rows - here)
    yield from (f"left in the store: {name}" for name in here - rows)
    yield from (f"an upload is left: {row}" for row in world.rows("SELECT id FROM uploads_upload"))


def _store(world: World) -> list[Path]:
    return [path for path in (world.home / "files").rglob("*") if path.is_file()]


def _limits(world: World, core: Core) -> Iterator[str]:
    """Each claim reserved once; each decided one gave that back and used what was granted; and the sums agree."""
    for number, reserved, released, used, reversed_ in world.rows(_ENTRIES):
        decided = number in core.decided
        right = (1, int(decided), int(decided), 0)
        if (reserved, released, used, reversed_) != right:
            yield f"{number}: entries {reserved, released, used, reversed_} instead of {right}"
    for row in world.rows(_UNEQUAL_BALANCES):
        yield f"balance and entries differ: {row}"
    decided = {number for (number,) in world.rows(_DECIDED)}
    yield from (f"{number} was decided, or acknowledged as decided, only once" for number in decided ^ core.decided)


def _once(world: World) -> Iterator[str]:
    """What happens once has its event, its message and its copies once."""
    for name, query in _EACH_ONCE.items():
        for subject, count in world.rows(query):
            yield f"{name} {subject}: {count}"


_PREFIX = "'mp/' || rtrim(translate(encode(uuid_send(c.id), 'base64'), '+/', '-_'), '=') || '/%%'"
_COUNTS = ", ".join(
    f"(SELECT count(*) FROM coverage_entry e WHERE e.external_id LIKE {_PREFIX} AND e.kind = '{kind}')"
    for kind in ("reserve", "release", "use", "reverse")
).replace("%%", "%")
_ENTRIES = f"SELECT c.number, {_COUNTS} FROM claims_claim c WHERE c.number <> ''"
_UNEQUAL_BALANCES = """
    SELECT b.membership_id, b.benefit, b.reserved_amount, b.used_amount, e.reserved, e.used
    FROM coverage_balance b FULL JOIN (
      SELECT membership_id, benefit, date_trunc('month', day)::date AS month,
        sum(CASE kind WHEN 'reserve' THEN amount WHEN 'release' THEN -amount ELSE 0 END) AS reserved,
        sum(CASE kind WHEN 'use' THEN amount WHEN 'reverse' THEN -amount ELSE 0 END) AS used
      FROM coverage_entry GROUP BY 1, 2, 3
    ) e ON (b.membership_id, b.benefit, b.month) = (e.membership_id, e.benefit, e.month)
    WHERE b.reserved_amount IS DISTINCT FROM e.reserved OR b.used_amount IS DISTINCT FROM e.used
"""
_DECIDED = "SELECT c.number FROM claims_decision d JOIN claims_claim c ON c.id = d.claim_id"
_EVENTS = (
    "SELECT t.id, count(e.id) FROM {table} t LEFT JOIN events_event e"
    " ON e.subject = '{label}:' || t.id AND e.kind = '{kind}' {more} GROUP BY 1 HAVING count(e.id) <> 1"
)
_EACH_ONCE = {
    "file received": _EVENTS.format(
        table="files_receivedfile", label="files.receivedfile", kind="received_file.added", more=""
    ),
    "file checked": _EVENTS.format(
        table="files_receivedfile", label="files.receivedfile", kind="received_file.checked", more=""
    ),
    "copy stored": _EVENTS.format(table="files_storedfile", label="files.storedfile", kind="file.stored", more=""),
    "claim sent": "SELECT c.number, count(s.id) FROM claims_claim c LEFT JOIN claims_statechange s"
    " ON s.claim_id = c.id AND s.after = 'submitted' WHERE c.number <> '' GROUP BY 1 HAVING count(s.id) <> 1",
    "claim received": "SELECT c.number, count(s.id) FROM claims_claim c LEFT JOIN claims_statechange s"
    " ON s.claim_id = c.id AND s.after = 'received' WHERE c.number <> '' GROUP BY 1 HAVING count(s.id) <> 1",
    "decisions of a claim": "SELECT c.number, count(d.id) FROM claims_claim c JOIN claims_decision d"
    " ON d.claim_id = c.id GROUP BY 1 HAVING count(d.id) <> 1",
    "acknowledgements": "SELECT 'of all claims', count(*) FROM notices_message WHERE template = 'claim-sent'"
    " HAVING count(*) <> (SELECT count(*) FROM claims_claim WHERE number <> '')",
    "copies and previews": "SELECT 'of all files', count(*) FROM files_storedfile"
    " HAVING count(*) <> (SELECT 2 * count(*) FROM files_receivedfile)",
}
