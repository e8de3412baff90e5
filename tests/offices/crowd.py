"""Thousands of people on file, so that the database has reason to use its indexes."""

from django.db import connection

_MANY = """
    INSERT INTO people_policy (market, type, number, number_key, start)
        SELECT 'rs', 'group', 'CR-' || n, 'CR' || n, '2020-01-01' FROM generate_series(1, %(policies)s) n;
    INSERT INTO people_person (market, surname, given_name, patronymic, name_key, birth_date, mobile, email, email_key,
        language)
        SELECT 'rs', 'Ilic' || family, 'Ana' || given, '', 'ilic' || family || ' ana' || given, '1988-03-14',
            '+3816' || (40000000 + n), 'ana' || n || '@crowd.test', 'ana' || n || '@crowd.test', ''
        FROM (
            SELECT n, translate((n %% 97)::text, '0123456789', 'abcdefghij') AS family,
                translate(n::text, '0123456789', 'abcdefghij') AS given
            FROM generate_series(1, %(people)s) n
        ) AS named;
    INSERT INTO people_membership (participant_number, participant_key, employee_number, plan, relation, start,
        person_id, policy_id)
        SELECT lpad(p.id::text, 8, '0'), lpad(p.id::text, 8, '0'), 'E' || p.id, '', 'employee', '2020-01-01', p.id, c.id
        FROM people_person p JOIN people_policy c
            ON c.number_key = 'CR' || ((substr(p.mobile, 6)::int - 40000000) %% %(policies)s + 1)
        WHERE p.email LIKE '%%@crowd.test';
    INSERT INTO accounts_account (market, password_hash, language, created_at, person_id)
        SELECT 'rs', '!', 'sr-latn', now(), id FROM people_person WHERE email LIKE '%%@crowd.test';
    INSERT INTO accounts_contactpoint (account_id, market, kind, value, key, exclusive, confirmed_at)
        SELECT a.id, 'rs', 'email', p.email, p.email_key, false, now()
        FROM accounts_account a JOIN people_person p ON p.id = a.person_id WHERE p.email LIKE '%%@crowd.test';
    INSERT INTO accounts_username (market, value, account_id, reserved_at, campaign)
        SELECT 'rs', 'kadusa' || a.id, a.id, now(), ''
        FROM accounts_account a JOIN people_person p ON p.id = a.person_id WHERE p.email LIKE '%%@crowd.test';
"""
TABLES = (
    *("people_policy", "people_person", "people_membership"),
    *("accounts_account", "accounts_contactpoint", "accounts_username"),
)


def put_crowd_on_file(people: int = 20_000) -> None:
    """Put this many people on file in Serbia, each with a cover and an account, and let the database count them."""
    with connection.cursor() as cursor:
        for statement in _MANY.split(";\n"):
            if statement.strip():
                cursor.execute(statement, {"people": people, "policies": people // 2})
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
        cursor.execute("SELECT gin_clean_pending_list('person_by_beginnings')")  # as autovacuum does
