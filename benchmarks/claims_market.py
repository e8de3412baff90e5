"""A market with claims, made by SQL in a separate database: ten of each member."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model

from benchmarks.crowd import make_crowd
from benchmarks.databases import as_default, fill, stored
from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims.models import Claim, DecidedLine, Line, Question, StateChange

EACH = 10  # claims of a member
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


@dataclass(frozen=True)
class ClaimsMarket:
    """The alias of a database with claims, and of each measured member a paid claim and a session token."""

    name: str
    members: list[tuple[UUID, str]]

    @classmethod
    def make(cls, name: str, claims: int) -> "ClaimsMarket":
        """Fill a new database. Each claim has a bill and a file; most have a decision and a payment."""
        crowd = make_crowd(name, claims // EACH)
        with as_default(name):
            _fill(claims)
            accounts = [key for key, _session in crowd.members]
            paid = dict(Claim.objects.filter(account__in=accounts, state="paid").values_list("account_id", "pk"))
        return cls(name, [(paid[key], session) for key, session in crowd.members])


def _fill(claims: int) -> None:
    sealed = {name: stored(model, field, value) for name, model, field, value in _SEALED}
    fill(_FILL, {"claims": claims, "each": EACH, **sealed})
