"""`claims.list_1m_over_1k`: pages and lists of claims with a million claims, compared with the same with a thousand."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from itertools import cycle
from time import perf_counter
from typing import Any
from uuid import UUID

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from benchmarks.browser import Browser
from benchmarks.crowd import MEASURED, as_default, make_crowd
from benchmarks.figure import Comparison, Figure, Side, compare
from benchmarks.sizes import sized
from mypolis.doors.integrations.flows import issue_token
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims.commands import add_parser
from mypolis.insurance.claims.models import Claim, DecidedLine, Line, Question, StateChange
from mypolis.insurance.claims.rights import CLAIMS

FEW, MANY = 1_000, sized(1_000_000, smoke=2_000)
EACH = 10  # claims of a member
TIMES = sized(20, smoke=2)
PAGES = {
    "list": "/id/claims/",
    "claim": "/id/claims/{claim}/",
    "home": "/id/home/",
}
PROGRAMS = {
    "API list": "/api/v1/id/claims",
    "feed": "/api/v1/id/partner/claims",
    "feed since": "/api/v1/id/partner/claims?changed_after={hour_ago}",
}
COMMANDS = {
    "command": "claims list --market id",
    "command by state": "claims list --market id --state in_review",
}
# Of ten claims of a member, the first is a draft, the second in review, the third waits for them; the others are paid.
_FILL = """
    INSERT INTO claims_claim (id, market, membership_id, account_id, origin, number, state, version, benefit,
        treated_on, provider, diagnosis, details, created_at, touched_at, sent_at, received_at, decided_at,
        promised_by, answer_by, appeal_until, reminders, changed_in, billed, billed_in)
        SELECT gen_random_uuid(), 'id', m, m, 'member',
            CASE WHEN k = 1 THEN '' ELSE 'C-2026-' || lpad(n::text, 7, '0') END,
            CASE k WHEN 1 THEN 'draft' WHEN 2 THEN 'in_review' WHEN 3 THEN 'waiting_for_member' ELSE 'paid' END, k,
            'gp', (at - interval '3 days')::date, %(provider)s, %(diagnosis)s, %(details)s, at, at,
            CASE WHEN k > 1 THEN at END, CASE WHEN k > 1 THEN at END, CASE WHEN k > 3 THEN at END,
            CASE WHEN k = 2 THEN current_date + m %% 14 END, CASE WHEN k = 3 THEN current_date + 9 END,
            CASE WHEN k > 3 THEN current_date + 9 END, 0, 60 * (%(each)s - k %% %(each)s),
            250000, 'IDR'
        FROM (
            SELECT n, (n - 1) / %(each)s + 1 AS m, (n - 1) %% %(each)s + 1 AS k,
                now() - (n %% %(each)s) * interval '25 days' - n * interval '1 second' AS at
            FROM generate_series(1, %(claims)s) n
        ) AS claims;
    INSERT INTO claims_line (id, claim_id, place, date, benefit, text, number, count, amount, currency, read_from,
        rate_source, paid_elsewhere, not_medical, refusal, note)
        SELECT gen_random_uuid(), id, 0, treated_on, 'gp', %(text)s, %(bill)s, 1, 250000, 'IDR', 'typed', '', 0, 0, '',
            %(note)s
        FROM claims_claim;
    INSERT INTO claims_statechange (claim_id, before, after, at, by_kind, by_id, code, sentences)
        SELECT id, 'draft', 'submitted', sent_at, 'member', account_id::text, '', %(sentences)s
            FROM claims_claim WHERE number <> ''
        UNION ALL
        SELECT id, 'submitted', state, sent_at, 'system', '', '', %(sentences)s FROM claims_claim WHERE number <> '';
    INSERT INTO claims_decision (claim_id, number, outcome, source, external_id, digest, at, recorded_at, by_kind,
        by_id)
        SELECT id, 1, 'partly_approved', 'partner', number, '', decided_at, decided_at, 'partner', '1'
        FROM claims_claim WHERE state = 'paid';
    INSERT INTO claims_decidedline (decision_id, line_id, billed, granted, own_share, excess, currency, plan, cuts)
        SELECT d.id, l.id, 250000, 200000, 50000, 0, 'IDR', '', %(cuts)s
        FROM claims_decision d JOIN claims_line l USING (claim_id);
    INSERT INTO claims_payment (claim_id, decision_id, attempt, transfer, state, amount, currency, shown, code,
        created_at, at)
        SELECT claim_id, id, 1, 1, 'paid', 200000, 'IDR', '•••• 7890', '', at, at FROM claims_decision;
    INSERT INTO claims_question (id, claim_id, external_id, code, document, text, asked_at, answer, cannot)
        SELECT gen_random_uuid(), id, 'q', '', '', %(question)s, sent_at, %(answer)s, false
        FROM claims_claim WHERE state = 'waiting_for_member';
    INSERT INTO files_receivedfile (id, market, owner, kind, name, size, sha256, sha256_digest, state, reason, pages,
        received_at)
        SELECT gen_random_uuid(), 'id', 'claims.claim:' || id, 'receipt', %(name)s, 240000, %(sha256)s,
            sha256(uuid_send(id)), 'clean', '', 1, created_at
        FROM claims_claim;
"""
_SEALED: tuple[tuple[str, type[Model], str, Any], ...] = (
    ("provider", Claim, "provider", "Klinik Melati"),
    ("diagnosis", Claim, "diagnosis", "Batuk dan demam"),
    ("details", Claim, "details", {}),
    ("text", Line, "text", "Konsultasi"),
    ("bill", Line, "number", "INV-17"),
    ("note", Line, "note", ""),
    ("sentences", StateChange, "sentences", {"id": "Kami menerima semua dokumen Anda.", "en": "We have your papers."}),
    ("cuts", DecidedLine, "cuts", [{"code": "limit_visit", "amount": "50000.00", "facts": {}}]),
    ("question", Question, "text", "Mohon kirim foto kuitansi yang baru."),
    ("answer", Question, "answer", ""),
    ("name", ReceivedFile, "name", "kuitansi.jpg"),
    ("sha256", ReceivedFile, "sha256", "ab" * 32),
)


def figures(runs: int) -> Iterator[Figure]:
    """Measure pages, programs and the command, and report the one that slows down most."""
    installations = (_Installation.make("bench_many", MANY), _Installation.make("bench_few", FEW))
    found: dict[str, Comparison] = {}
    for name, side in _SIDES.items():
        many, few = (side(installation) for installation in installations)
        found[name] = compare(many, few, runs=runs, times=TIMES)
    told = "; ".join(f"{name} {comparison}" for name, comparison in found.items())
    yield Figure(
        name="claims.list_1m_over_1k",
        value=round(max(comparison.ratio for comparison in found.values()), 2),
        unit="ratio",
        goal=1.3,
        runs=runs,
        of="median",
        note=f"Time to the response, with database, at {MANY:,} claims ÷ at {FEW:,}, {EACH} of each member, in two "
        f"databases of one server; {MEASURED} members in turn. {told}",
    )


@dataclass(frozen=True)
class _Installation:
    """A database with claims: the measured members' sessions, each with a paid claim, and a partner's token."""

    name: str
    members: list[tuple[UUID, str]]
    partner: str

    @classmethod
    def make(cls, name: str, claims: int) -> "_Installation":
        """Fill a new database. Each claim has a bill and a file; most have a decision and a payment."""
        crowd = make_crowd(name, claims // EACH)
        with as_default(name):
            _fill(claims)
            accounts = [key for key, _session in crowd.members]
            paid = dict(Claim.objects.filter(account__in=accounts, state="paid").values_list("account_id", "pk"))
            _token, partner = issue_token(
                market="id", partner="core", may=[CLAIMS.name], life=timedelta(days=9), by=SYSTEM
            )
        return cls(name, [(paid[key], session) for key, session in crowd.members], partner)


def _page(address: str) -> Callable[[_Installation], Side]:
    def side(installation: _Installation) -> Side:
        members, application = cycle(installation.members), get_wsgi_application()

        def read() -> float:
            claim, session = next(members)
            browser = Browser(application)
            browser.cookies["__Host-session-id"] = session
            with as_default(installation.name):
                return browser.get(address.format(claim=claim)).expect(200).waited

        return read

    return side


def _program(address: str) -> Callable[[_Installation], Side]:
    """A member's app, or the core system."""
    hour_ago = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def side(installation: _Installation) -> Side:
        members, application = cycle(installation.members), get_wsgi_application()

        def read() -> float:
            _claim, session = next(members)
            browser = Browser(application, bearer=installation.partner if "/partner/" in address else session)
            with as_default(installation.name):
                return browser.get(address.format(hour_ago=hour_ago)).expect(200).waited

        return read

    return side


def _command(line: str) -> Callable[[_Installation], Side]:
    parser = ArgumentParser()
    add_parser(parser.add_subparsers())
    arguments = parser.parse_args(line.split())

    def side(installation: _Installation) -> Side:
        def run() -> float:
            with as_default(installation.name), redirect_stdout(StringIO()):
                began = perf_counter()
                if arguments.run(arguments) != 0:
                    raise RuntimeError(f"{line} failed")
                return perf_counter() - began

        return run

    return side


_SIDES = {
    **{name: _page(address) for name, address in PAGES.items()},
    **{name: _program(address) for name, address in PROGRAMS.items()},
    **{name: _command(line) for name, line in COMMANDS.items()},
}


def _fill(claims: int) -> None:
    values: dict[str, Any] = {"claims": claims, "each": EACH}
    for name, model, field, value in _SEALED:
        column: Any = model._meta.get_field(field)
        values[name] = column.get_db_prep_value(value, connection)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no checks of foreign keys and no triggers
        for statement in _FILL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
