"""`mypolis providers`: an operator loads the directory, and manages the tokens of providers' programs."""

import json
from pathlib import Path

import pytest

from mypolis.foundation.events.models import Event
from mypolis.insurance.providers.commands import add_parser
from mypolis.insurance.providers.models import Provider, ProviderToken
from tests.commands import Run, runner
from tests.providers.clinic import CounterProgram, clinic


@pytest.fixture
def run(db: None) -> Run:
    """Run `mypolis providers …`; gives the exit code, standard output and standard error."""
    return runner(add_parser, "providers")


def written(folder: Path, text: str) -> str:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_bad_list_changes_nothing(run: Run, tmp_path: Path) -> None:
    code, _out, err = run("load", written(tmp_path, "code,name\nA,One\nB,\n"), "--market", "id", "--by", "olga")
    assert (code, err) == (1, "mypolis: line 3: the name is missing\n")
    assert not Provider.objects.exists()
    assert run("load", str(tmp_path / "none.csv"), "--market", "id", "--by", "olga")[0] == 1
    assert run("load", "x.csv", "--market", "xx", "--by", "olga")[0] == 2


def test_a_list_is_loaded_and_the_same_again_changes_nothing(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, "code,name,networks\nKM-01,Klinik <b>Melati</b>,inner\nRS-2,RS Harapan,\n")
    load = ("load", path, "--market", "id", "--by", "olga", "--json")
    assert json.loads(run(*load)[1]) == {"new": 2, "changed": 0, "unchanged": 0}
    assert json.loads(run(*load)[1]) == {"new": 0, "changed": 0, "unchanged": 2}
    assert Event.objects.filter(kind="provider.saved", actor_id="olga").count() == 2
    written(tmp_path, "code,name,active\nrs-2,RS Harapan,no\n")
    assert json.loads(run(*load)[1]) == {"new": 0, "changed": 1, "unchanged": 0}
    assert Provider.objects.get(code="RS-2").is_active is False
    out = run("list", "--market", "id")[1]
    assert "KM-01  Klinik <b>Melati</b>  (inner)" in out
    assert "RS-2  RS Harapan  (not active)" in out


def test_the_same_code_in_two_markets_is_two_providers(run: Run) -> None:
    clinic("KM-01", "Klinik Melati")
    clinic("KM-01", "Клиника", market="ru")
    assert Provider.objects.count() == 2
    assert run("list", "--market", "rs")[1] == "This market has no providers.\n"


def test_a_token_is_printed_alone_and_works_until_it_is_revoked(run: Run) -> None:
    program = CounterProgram(clinic())
    code, out, err = run("token", "km-01", "--market", "id", "--days", "7", "--by", "olga")
    program.text = out.strip()
    assert (code, program.me().status_code) == (0, 200)
    assert "not shown again" in err
    assert out.strip() not in err
    token = ProviderToken.objects.latest("pk")
    assert (token.ends_at - token.issued_at).days == 7
    assert run("revoke", str(token.pk), "--market", "ru", "--by", "olga")[0] == 1
    assert run("revoke", str(token.pk), "--market", "id", "--by", "olga")[0] == 0
    assert program.me().status_code == 401
    assert run("revoke", str(token.pk), "--market", "id", "--by", "olga")[0] == 1
    assert Event.objects.filter(kind="provider.token_ended").count() == 1


def test_nobody_gets_a_token_for_an_unknown_provider_or_right(run: Run) -> None:
    clinic()
    assert run("token", "XX", "--market", "id", "--by", "olga")[0] == 1
    assert run("token", "KM-01", "--market", "id", "--may", "everything", "--by", "olga")[0] == 2
    assert run("token", "KM-01", "--market", "id", "--days", "4000", "--by", "olga")[0] == 2
    assert not ProviderToken.objects.exists()


def test_a_program_reads_the_directory_as_json(run: Run) -> None:
    CounterProgram(clinic("KM-01", "Klinik Melati", "inner"), "card-checks")
    (row,) = json.loads(run("list", "--market", "id", "--json")[1])["providers"]
    assert (row["code"], row["networks"], row["is_active"]) == ("KM-01", ["inner"], True)
    assert [(one["may"], one["state"]) for one in row["tokens"]] == [(["card-checks"], "active")]
