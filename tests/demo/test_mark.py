import psycopg
import pytest

from mypolis.demo import database_mark


def add_table(address: str) -> None:
    with psycopg.connect(address) as database:
        database.execute("create table people_person (id int)")


def tables(address: str) -> list[str]:
    with psycopg.connect(address) as database:
        rows = database.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    return [name for (name,) in rows]


def test_a_database_with_other_tables_is_refused_and_left_as_it_is(empty_database: str) -> None:
    add_table(empty_database)
    with pytest.raises(database_mark.ForeignDatabase, match="leaves it alone"):
        database_mark.claim(empty_database)
    with pytest.raises(database_mark.ForeignDatabase):
        database_mark.wipe(empty_database)
    assert tables(empty_database) == ["people_person"]


def test_an_empty_database_is_claimed_once_and_for_all(empty_database: str) -> None:
    database_mark.claim(empty_database)
    add_table(empty_database)
    database_mark.claim(empty_database)
    assert sorted(tables(empty_database)) == ["mypolis_demo_mark", "people_person"]


def test_the_demo_can_empty_what_it_made(empty_database: str) -> None:
    database_mark.claim(empty_database)
    add_table(empty_database)
    database_mark.wipe(empty_database)
    assert tables(empty_database) == []
