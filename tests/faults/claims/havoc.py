"""Kills at random, and in the middle of what takes longest: an upload's bytes, and a file's check."""

from collections.abc import Callable

from psycopg import OperationalError

from tests.faults.havoc import Deed, Havoc

_WRITING = "SELECT count(*) FROM uploads_upload WHERE writing_until > now() AND finished_at IS NULL"


class ClaimHavoc(Havoc):
    """Also kills the web server while it reads a file, and the worker while a program cleans one."""

    def _deeds(self) -> dict[str, Deed]:
        more = {
            "the web server during an upload": self._web_during_an_upload,
            "the worker during a check": self._worker_during_a_check,
        }
        return {**super()._deeds(), **more}

    def _web_during_an_upload(self) -> bool:
        if moment := self._comes(self._is_anything_written):
            self._world.kill_web()
        return moment

    def _worker_during_a_check(self) -> bool:
        if moment := self._comes(self._world.cleaning_programs):
            self._world.kill_worker()
        return moment

    def _is_anything_written(self) -> bool:
        try:
            return bool(self._world.rows(_WRITING)[0][0])
        except OperationalError:
            return False

    def _comes(self, moment: Callable[[], object]) -> bool:
        """Wait until the moment comes. Returns False if everybody has finished before."""
        while not moment():
            self._world.keep_alive()  # a process that found no database when it started has ended
            if self._stop_now.wait(0.005):
                return False
        return True
