"""`make seeded`: its faults still fit the code."""

from collections import Counter
from pathlib import Path

from tests.house.places import ROOT, assert_none
from tools.seeded_faults import Fault, seeded_faults


def test_every_seeded_fault_fits_the_code_as_it_is() -> None:
    assert_none(misfit for fault in seeded_faults() if (misfit := fault.misfit(ROOT)))


def test_forty_faults_are_spread_over_what_must_not_go_wrong() -> None:
    faults = seeded_faults()
    assert len({fault.name for fault in faults}) == len(faults) >= 40
    areas = Counter(fault.area for fault in faults)
    assert set(areas) >= {"matching", "limits", "ledger", "family", "codes"}
    assert min(areas.values()) >= 7


def test_a_fault_that_no_longer_fits_says_why(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("a = 1\nb = 1\n")
    (tmp_path / "test.py").touch()
    fits = Fault(name="F", area="x", file="code.py", old="a = 1", new="a = 2", tests=("test.py",))

    def misfit(**changes: object) -> str:
        return Fault(**{**vars(fits), **changes}).misfit(tmp_path)  # type: ignore[arg-type]

    assert misfit() == ""
    assert misfit(old="= 1") == "F: its old text is 2 times in code.py, not once"
    assert misfit(old="a = 3") == "F: its old text is 0 times in code.py, not once"
    assert misfit(file="gone.py") == "F: there is no gone.py"
    assert misfit(tests=("gone.py",)) == "F: there is no gone.py"
