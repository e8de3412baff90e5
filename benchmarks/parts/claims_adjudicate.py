"""Deciding claims in bulk, compared with only reading and writing the same rows, in batches of the same size.

"Reading and writing the same rows" means: read the rows that a decision depends on (claims with membership and policy,
bills, balances, entries of the ledger), and write all rows that the decisions left (decisions, their lines, payments,
states, entries, balances, events, jobs). Whoever does that knows beforehand what to write, and decides nothing.

`claims.adjudicate_over_io` compares with plain SELECT and COPY, the least that any program must do.
`claims.adjudicate_over_django` compares with loading the rows as models and writing them with `bulk_create`.
"""

import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched, pairwise
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

from benchmarks.crowd import make_crowd
from benchmarks.databases import as_default, fill, stored
from benchmarks.figure import Figure
from benchmarks.sizes import sized
from mypolis.foundation.events import SYSTEM
from mypolis.insurance.claims.decisions.by_rules import AT_A_TIME, adjudicate_claims
from mypolis.insurance.claims.models import Claim, DecidedLine, Decision, Line, Payment, StateChange
from mypolis.insurance.coverage.models import Balance, Entry

CLAIMS = sized(100_000, smoke=200)
PER_MEMBER = 2
NAME = "bench_claims"
MODELS: tuple[type[Model], ...] = (Decision, DecidedLine, Payment, StateChange, Entry)
COPIED = ("events_event", "procrastinate_jobs")
WRITTEN = (*(model._meta.db_table for model in MODELS), *COPIED)
_SHORT = "rtrim(translate(encode(uuid_send({}), 'base64'), '+/', '-_'), '=')"
_FILL = f"""
    INSERT INTO claims_claim (id, market, membership_id, account_id, origin, number, state, version, benefit,
        treated_on, provider, diagnosis, details, created_at, touched_at, sent_at, received_at, reminders,
        changed_in, billed, billed_in)
        SELECT gen_random_uuid(), 'id', (n - 1) / %(each)s + 1, (n - 1) / %(each)s + 1, 'member',
            'C-2026-' || lpad(n::text, 6, '0'), 'received', 1, 'gp', current_date - n %% 20 - 2,
            %(provider)s, %(diagnosis)s, %(details)s, now(), now(), now(), now(), 0, 0,
            500000, 'IDR'
        FROM generate_series(1, %(claims)s) n;
    INSERT INTO claims_line (id, claim_id, place, date, benefit, text, number, count, amount, currency, read_from,
        rate_source, paid_elsewhere, not_medical, refusal, note)
        SELECT gen_random_uuid(), id, k, treated_on, (ARRAY['gp', 'medicines'])[k + 1], %(text)s, %(bill)s, 1,
            250000 + 200000 * (substr(number, 8)::int %% 2), 'IDR', 'typed', '', 0, 0, '', %(note)s
        FROM claims_claim, generate_series(0, 1) k;
    INSERT INTO coverage_entry (market, external_id, membership_id, kind, benefit, currency, amount, count,
        requested_amount, requested_count, day, "case", visit, pregnancy, reservation, cut_by, recorded_at)
        SELECT 'id', 'mp/' || claim || '/' || line || day_key || '/r', membership_id, 'reserve', benefit, 'IDR',
            least(amount, 350000), 0, amount, 0, date, claim, claim || day_key, claim, '', '', now()
        FROM (
            SELECT {_SHORT.format("c.id")} AS claim, {_SHORT.format("l.id")} AS line,
                to_char(l.date, '/YYYYMMDD') AS day_key, c.membership_id, l.benefit, l.amount, l.date
            FROM claims_line l JOIN claims_claim c ON c.id = l.claim_id
        ) AS billed;
    TRUNCATE coverage_balance;
    INSERT INTO coverage_balance (membership_id, benefit, currency, month, reserved_amount, reserved_count, used_amount,
        used_count)
        SELECT membership_id, benefit, currency, month, reserved_amount, reserved_count, used_amount, used_count
        FROM coverage_due;
    CREATE TABLE bench_claim AS TABLE claims_claim;
    CREATE TABLE bench_entry AS TABLE coverage_entry;
    CREATE TABLE bench_balance AS TABLE coverage_balance;
"""
_SEALED: tuple[tuple[str, type[Model], str, Any], ...] = (
    ("provider", Claim, "provider", "Klinik Melati"),
    ("diagnosis", Claim, "diagnosis", "Batuk dan demam"),
    ("details", Claim, "details", {}),
    ("text", Line, "text", "Konsultasi"),
    ("bill", Line, "number", "INV-17"),
    ("note", Line, "note", ""),
)
_RESET = """
    TRUNCATE claims_decision, claims_decidedline, claims_payment, claims_statechange, claims_appeal, events_event,
        procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers, coverage_entry, coverage_balance
        CASCADE;
    INSERT INTO coverage_entry SELECT * FROM bench_entry;
    INSERT INTO coverage_balance SELECT * FROM bench_balance;
    UPDATE claims_claim SET state = kept.state, version = kept.version, decided_at = NULL, appeal_until = NULL
        FROM bench_claim kept WHERE kept.id = claims_claim.id;
"""
_READ = """
    SELECT * FROM claims_claim c JOIN people_membership m ON m.id = c.membership_id
        JOIN people_policy p ON p.id = m.policy_id WHERE c.id = ANY(%(claims)s) FOR UPDATE OF c;
    SELECT * FROM claims_line WHERE claim_id = ANY(%(claims)s);
    SELECT * FROM coverage_balance WHERE membership_id = ANY(%(members)s);
    SELECT * FROM coverage_entry WHERE membership_id = ANY(%(members)s);
"""
_UPDATE = """
    UPDATE claims_claim c SET state = new.state, version = new.version, decided_at = new.decided_at,
        appeal_until = new.appeal_until, touched_at = now()
        FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::timestamptz[], %s::date[])
            AS new (id, state, version, decided_at, appeal_until)
        WHERE c.id = new.id
"""
_BALANCES = """
    INSERT INTO coverage_balance (membership_id, benefit, currency, month, reserved_amount, reserved_count, used_amount,
        used_count)
        SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[], %s::numeric[], %s::int[], %s::numeric[],
            %s::int[])
        ON CONFLICT (membership_id, benefit, currency, month) DO UPDATE SET reserved_amount = excluded.reserved_amount,
        used_amount = excluded.used_amount
"""


def figures(runs: int) -> Iterator[Figure]:
    """Decide all claims again and again, each time from the same state. The sides run in turn."""
    runs = min(runs, 3)
    crowd = make_crowd(NAME, -(-CLAIMS // PER_MEMBER))
    with as_default(crowd.name):
        _fill()
        _reset()
        report = adjudicate_claims(market="id", by=SYSTEM)
        if report.decided != CLAIMS:
            raise AssertionError(f"{report.decided} of {CLAIMS} claims were decided")
        rows = _Rows.read()
        gc.freeze()  # else each full collection would walk through millions of rows that only the other sides need
        measured = [(_ours(), _with_copy(rows), _with_django(rows)) for _run in range(runs)]
    ours, copied, django = ([run[side] for run in measured] for side in range(3))
    yield _figure("claims.adjudicate_over_io", ours, copied, f"plain SELECT, and COPY of {rows.count:,} rows", goal=4.0)
    yield _figure(
        "claims.adjudicate_over_django", ours, django, f"Django, with bulk_create of {rows.count:,} rows", goal=2.0
    )


def _figure(name: str, ours: list[float], theirs: list[float], other: str, *, goal: float) -> Figure:
    seconds = f"{median(ours):.1f} ÷ {median(theirs):.1f} s"
    return Figure(
        name=name,
        value=round(median(mine / other for mine, other in zip(ours, theirs, strict=True)), 2),
        unit="ratio",
        goal=goal,
        runs=len(ours),
        of="median",
        note=f"{CLAIMS:,} claims with two bills and two reservations each, decided in batches of {AT_A_TIME} ÷ reading "
        f"and writing the same rows with {other}, in the same batches: {seconds}",
    )


def _ours() -> float:
    _reset()
    began = perf_counter()
    adjudicate_claims(market="id", by=SYSTEM)
    return perf_counter() - began


def _with_django(rows: "_Rows") -> float:
    """Read and write the rows as models; events and jobs, which are no models when written, with COPY."""
    _reset()
    began = perf_counter()
    for batch in rows.batches:
        with transaction.atomic(), connection.cursor() as cursor:
            claims = Claim.objects.filter(pk__in=batch.claims).select_related("membership__policy", "pay_to")
            list(claims.select_for_update(of=("self",)))
            list(Line.objects.filter(claim__in=batch.claims))
            list(Balance.objects.filter(membership__in=batch.members))
            list(Entry.objects.filter(membership__in=batch.members))
            for model, written in zip(MODELS, batch.models, strict=True):
                model._default_manager.bulk_create(written)
            _copy(cursor, batch, COPIED)
            _change(cursor, batch)
    return perf_counter() - began


def _with_copy(rows: "_Rows") -> float:
    _reset()
    began = perf_counter()
    for batch in rows.batches:
        with transaction.atomic(), connection.cursor() as cursor:
            for query in _READ.split(";\n"):
                if query.strip():
                    cursor.execute(query, {"claims": batch.claims, "members": batch.members})
                    cursor.fetchall()
            _copy(cursor, batch, WRITTEN)
            _change(cursor, batch)
    return perf_counter() - began


def _copy(cursor: Any, batch: "_Batch", tables: Sequence[str]) -> None:
    for table in tables:
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
            for row in batch.written[table]:
                copy.write_row(row)


def _change(cursor: Any, batch: "_Batch") -> None:
    cursor.execute(_UPDATE, batch.changed)
    cursor.execute(_BALANCES, batch.balances)


@dataclass(frozen=True)
class _Batch:
    """The keys that one batch reads, and the rows that it writes, by table and by column."""

    claims: list[Any]
    members: list[int]
    written: dict[str, Sequence[tuple[Any, ...]]]
    models: list[list[Model]]
    changed: list[list[Any]]
    balances: list[list[Any]]


@dataclass(frozen=True)
class _Rows:
    """All that the rules wrote, cut into as many batches."""

    batches: list[_Batch]
    count: int

    @classmethod
    def read(cls) -> "_Rows":
        """Read the rows from the database once, before anything is measured."""
        with connection.cursor() as cursor:
            claims = _fetched(cursor, "SELECT id, membership_id FROM claims_claim ORDER BY sent_at, id")
            tables = [_fetched(cursor, _NEW.get(table, f"SELECT * FROM {table} ORDER BY id")) for table in WRITTEN]
            changed = _fetched(
                cursor, "SELECT id, state, version, decided_at, appeal_until FROM claims_claim ORDER BY sent_at, id"
            )
            balances = _fetched(cursor, _CHANGED_BALANCES)
        loaded: list[dict[Any, Model]] = [model._default_manager.in_bulk() for model in MODELS]
        keys = list(batched(claims, AT_A_TIME))
        parts = [_cut(rows, len(keys)) for rows in (*tables, changed, balances)]
        batches = [
            _Batch(
                claims=[claim for claim, _member in some],
                members=sorted({member for _claim, member in some}),
                written={table: parts[number][place] for number, table in enumerate(WRITTEN)},
                models=[
                    [rows_of_model[row[0]] for row in parts[number][place]]
                    for number, rows_of_model in enumerate(loaded)
                ],
                changed=_columns(parts[-2][place]),
                balances=_columns(parts[-1][place]),
            )
            for place, some in enumerate(keys)
        ]
        return cls(batches, sum(len(rows) for rows in (*tables, changed, balances)))


_NEW = {"coverage_entry": "SELECT * FROM coverage_entry e WHERE e.id > (SELECT max(id) FROM bench_entry) ORDER BY id"}
_CHANGED_BALANCES = """
    SELECT b.membership_id, b.benefit, b.currency, b.month, b.reserved_amount, b.reserved_count, b.used_amount,
        b.used_count
    FROM coverage_balance b JOIN bench_balance k ON k.id = b.id
    WHERE (b.reserved_amount, b.used_amount) IS DISTINCT FROM (k.reserved_amount, k.used_amount) ORDER BY b.id
"""


def _fetched(cursor: Any, query: str) -> list[tuple[Any, ...]]:
    cursor.execute(query)
    return list(cursor.fetchall())


def _cut(rows: Sequence[tuple[Any, ...]], parts: int) -> list[Sequence[tuple[Any, ...]]]:
    bounds = [len(rows) * place // parts for place in range(parts + 1)]
    return [rows[first:last] for first, last in pairwise(bounds)]


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _fill() -> None:
    sealed = {name: stored(model, field, value) for name, model, field, value in _SEALED}
    fill(_FILL, {"claims": CLAIMS, "each": PER_MEMBER, **sealed})


def _reset() -> None:
    fill(_RESET, {})
