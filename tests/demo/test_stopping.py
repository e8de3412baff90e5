"""Stopping the demo works at the first signal, whatever Python was doing at that moment."""

import os
import signal

import pytest

from mypolis.demo.run import _interruptible
from mypolis.processes import Children


class AskedWhileItGoes:
    """The signal arrives in its destructor, where Python drops exceptions."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_stop_is_not_lost_where_python_drops_the_interrupt() -> None:
    with _interruptible() as stopping:
        AskedWhileItGoes()
        assert stopping.is_set()


def test_a_second_ctrl_c_does_not_disturb_the_stopping() -> None:
    with pytest.raises(KeyboardInterrupt), _interruptible():
        _stop_twice()


def test_ctrl_c_in_a_terminal_reaches_the_demo_alone_which_then_stops_its_parts() -> None:
    with Children(os.environ) as children:
        part = children.start("worker", "--help")
        assert os.getpgid(part) == part


def _stop_twice() -> None:
    try:
        os.kill(os.getpid(), signal.SIGINT)
    finally:
        os.kill(os.getpid(), signal.SIGINT)
