import json
import stat
from pathlib import Path

import pytest

from mypolis.demo.demo_folder import DemoError, DemoHome, adopt


def test_a_second_demo_in_the_folder_is_told(tmp_path: Path) -> None:
    with DemoHome(tmp_path).held(), pytest.raises(DemoError, match="running"), DemoHome(tmp_path).held():
        pass


def test_a_folder_of_others_is_never_deleted(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(DemoError, match="nothing was deleted"):
        DemoHome(tmp_path).wipe()
    assert (tmp_path / "postgres").exists()


def test_a_broken_file_is_told_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text("{")
    with pytest.raises(DemoError, match="--reset"):
        DemoHome(tmp_path).environment()


def test_secrets_stay_the_same_and_nobody_else_can_read_them(tmp_path: Path) -> None:
    home = DemoHome(tmp_path)
    first = home.remember({"MYPOLIS_PUBLIC_URL": "http://localhost:8000"})
    second = home.remember({"MYPOLIS_PUBLIC_URL": "http://localhost:8001"})
    assert first["MYPOLIS_SECRET_KEY"] == second["MYPOLIS_SECRET_KEY"]
    assert len(first["MYPOLIS_SECRET_KEY"]) >= 50
    assert second["MYPOLIS_PUBLIC_URL"] == "http://localhost:8001"
    for name in ("demo.json", "keys.json"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_wiping_leaves_nothing_but_the_lock(tmp_path: Path) -> None:
    home = DemoHome(tmp_path)
    with home.held():
        home.remember({})
        (tmp_path / "postgres").mkdir()
        home.wipe()
    assert [path.name for path in tmp_path.iterdir()] == ["demo.lock"]


@pytest.mark.parametrize(
    "chosen",
    [
        {"MYPOLIS_MODE": "production"},
        {"MYPOLIS_KEYS_FILE": "k"},
        {"DATABASE_URL": "postgresql://elsewhere/x"},
    ],
)
def test_a_command_told_what_to_work_on_leaves_the_demo_alone(tmp_path: Path, chosen: dict[str, str]) -> None:
    DemoHome(tmp_path).remember({})
    environment = {"MYPOLIS_HOME": str(tmp_path), **chosen}
    adopt(environment)
    assert "MYPOLIS_SECRET_KEY" not in environment


@pytest.mark.parametrize("mode", [{}, {"MYPOLIS_MODE": "demo"}])
def test_a_command_told_nothing_else_works_on_the_demo_of_its_folder(tmp_path: Path, mode: dict[str, str]) -> None:
    DemoHome(tmp_path).remember({"DATABASE_URL": "postgresql://here/x"})
    environment = {"MYPOLIS_HOME": str(tmp_path), "DATABASE_URL": "postgresql://here/x", **mode}
    adopt(environment)
    assert environment["MYPOLIS_MODE"] == "demo"
    assert environment["MYPOLIS_KEYS_FILE"] == str(tmp_path / "keys.json")
    assert json.loads((tmp_path / "keys.json").read_text())["primary"] == "k1"
