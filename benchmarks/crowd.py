"""A crowd of members with a ledger, created by SQL in a separate database."""

import secrets
from dataclasses import dataclass
from typing import Any

from benchmarks.databases import as_default, copy_of_portal, fill, stored
from benchmarks.ground import BOOKS
from mypolis.foundation.events import SYSTEM
from mypolis.insurance.coverage.plan_books.loading import load_book
from mypolis.insurance.ecard.models import Card
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.devices import sign_in

LEDGER_ROWS_EACH = 10
MEASURED = 100  # of the crowd, evenly spread
_ON_A_POLICY = 200

_PEOPLE = """
    INSERT INTO people_policy (id, market, type, number, number_key, start)
        SELECT n, 'id', 'group', 'C-' || n, 'C' || n, '2020-01-01' FROM generate_series(1, %(policies)s) n;
    INSERT INTO people_person (id, market, surname, given_name, patronymic, name_key, birth_date, mobile, email,
        email_key, language)
        SELECT n, 'id', 'Primer', 'Ana' || n, '', 'ana' || n || ' primer', '1988-03-14', '',
            'ana' || n || '@example.test', 'ana' || n || '@example.test', '' FROM generate_series(1, %(members)s) n;
    INSERT INTO people_membership (id, participant_number, participant_key, employee_number, plan, relation, start,
        person_id, policy_id)
        SELECT n, lpad(n::text, 8, '0'), lpad(n::text, 8, '0'), 'E' || n, 'Platinum', 'employee', '2020-01-01', n,
            (n - 1) / %(each)s + 1 FROM generate_series(1, %(members)s) n;
    INSERT INTO accounts_account (id, market, password_hash, language, created_at, person_id)
        SELECT n, 'id', '!', 'id', now(), n FROM generate_series(1, %(members)s) n;
"""
_LEDGER = """
    INSERT INTO coverage_entry (market, external_id, membership_id, kind, benefit, currency, amount, count,
        requested_amount, requested_count, day, "case", visit, pregnancy, reservation, cut_by, recorded_at)
        SELECT 'id', 'c-' || n || '-' || k, n, 'use',
            (ARRAY['medicines', 'gp', 'specialist', 'dental', 'diagnostics'])[k %% 5 + 1], 'IDR', 1000, 1,
            1000, 1, current_date - k * 30, '', 'V' || k, '', '', '', now()
        FROM generate_series(1, %(members)s) n, generate_series(1, %(rows)s) k;
    INSERT INTO coverage_balance (membership_id, benefit, currency, month, reserved_amount, reserved_count, used_amount,
        used_count)
        SELECT membership_id, benefit, currency, month, reserved_amount, reserved_count, used_amount, used_count
        FROM coverage_due;
"""
_CARDS = """
    INSERT INTO ecard_card (id, market, membership_id, number, serial, secret, issued_at)
        SELECT gen_random_uuid(), 'id', n, '1' || lpad(n::text, 11, '0'), 1, %(secret)s, now()
        FROM generate_series(1, %(members)s) n;
"""


@dataclass(frozen=True)
class Crowd:
    """The alias of the crowd's database, and the membership's key and a session token of each measured member."""

    name: str
    members: list[tuple[int, str]]


def make_crowd(name: str, size: int) -> Crowd:
    """Create a copy of the benchmarks' database with `size` members. All of them have used benefits."""
    copy_of_portal(name)
    with as_default(name):
        load_book(market="id", book=BOOKS / "id.yaml", by=SYSTEM)
        values: dict[str, Any] = {"members": size, "policies": -(-size // _ON_A_POLICY), "each": _ON_A_POLICY}
        values |= {"rows": LEDGER_ROWS_EACH, "secret": stored(Card, "secret", secrets.token_bytes(32))}
        fill(_PEOPLE + _LEDGER + _CARDS, values)
        accounts = Account.objects.filter(pk__in=range(1, size + 1, size // MEASURED)).select_related("person")
        members = [
            (account.pk, sign_in(account=account, known=None, by=SYSTEM).access_token)
            for account in accounts[:MEASURED]
        ]
    return Crowd(name, members)
