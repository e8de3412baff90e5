"""Claims that are disturbed at one point each: something is killed, or away, exactly when it hurts."""

import socket
import threading
from collections.abc import Callable

from tests.faults.claims.client import Claimant, Cut
from tests.faults.claims.members import Paper, pdf
from tests.faults.claims.place import Place
from tests.waiting import until

_IS_WRITTEN = "SELECT count(*) FROM uploads_upload WHERE writer IS NOT NULL AND finished_at IS NULL"
_WAITS_FOR_A_LOCK = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
_JOBS = "SELECT id, task_name, status, worker_id FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
_WORKERS = "SELECT id, last_heartbeat FROM procrastinate_workers"
_SENT = "SELECT count(*) FROM claims_claim WHERE id = %s AND number <> ''"


class Disturbed(Claimant):
    """Calls `disturb` once, when a part of its first file is sent and the portal is reading it.

    With `cut`, the connection breaks there first, so that the file is in its second request when `disturb` is called.
    """

    def __init__(self, place: Place, disturb: Callable[[], object], *, cut: bool = False) -> None:
        super().__init__(place.world, place.next_member(), place.next_papers(2))
        self._disturb: Callable[[], object] | None = disturb
        self._cut = cut

    def on_bytes(self, sent: int) -> None:
        """Disturb in the middle."""
        if sent < len(self.papers[0].content) // 4 or self._disturb is None:
            return
        if self._cut:
            self._cut = False
            raise Cut
        until(lambda: self.world.rows(_IS_WRITTEN)[0][0])
        disturb, self._disturb = self._disturb, None
        disturb()


def a_quiet_claim(place: Place) -> None:
    """Nothing happens to it."""
    _made(place, Claimant(place.world, place.next_member(), place.next_papers(2)))


def the_web_server_dies_during_an_upload(place: Place) -> None:
    """No piece of the file is kept yet."""
    claimant = _made(place, Disturbed(place, lambda: _web_dies(place)))
    assert claimant.resumed


def the_web_server_dies_when_a_part_is_kept(place: Place) -> None:
    """The client continues after that part."""
    claimant = _made(place, Disturbed(place, lambda: _web_dies(place), cut=True))
    assert claimant.resumed >= 2


def the_database_dies_during_an_upload(place: Place) -> None:
    """The bytes that came meanwhile are sent again."""
    claimant = _made(place, Disturbed(place, lambda: _database_dies(place)))
    assert claimant.resumed


def the_store_is_away_during_an_upload(place: Place) -> None:
    """The client is told to try again, and does so until the store is back."""
    hidden = _hide_store(place)
    claimant = Claimant(place.world, place.next_member(), place.next_papers())
    making = threading.Thread(target=claimant.make)
    making.start()
    until(lambda: claimant.resumed)
    hidden()
    making.join()
    _made(place, claimant)


def the_worker_dies_during_a_check(place: Place) -> None:
    """The program that cleans the file ends with it, and another worker checks the file."""
    _made(place, _with_pdf(place))
    _until_held(place)
    place.world.kill_worker()
    until(lambda: not place.world.cleaning_programs())
    place.gate.release()
    place.replace_worker()


def the_database_dies_during_a_check(place: Place) -> None:
    """What the check found cannot be recorded; the file is checked again."""
    _made(place, _with_pdf(place))
    _until_held(place)
    place.world.kill_database()
    place.gate.release()
    place.world.start_database()


def the_scanner_is_away(place: Place) -> None:
    """The claim can be sent, and its file is checked later."""
    place.gate.broken = True
    _made(place, Claimant(place.world, place.next_member(), place.next_papers()))
    until(lambda: "files.check_put_off" in place.world.log)
    place.gate.broken = False


def the_answer_to_sending_is_lost(place: Place) -> None:
    """The claim was sent; sending it again says so."""
    claimant = Claimant(place.world, place.next_member(), place.next_papers())
    claimant.before_sending = lambda: _send_and_go(place, claimant)
    _made(place, claimant)


def the_web_server_dies_before_sending_takes_effect(place: Place) -> None:
    """Nothing was sent, and no limit is reserved for it twice."""
    claimant = Claimant(place.world, place.next_member(), place.next_papers())
    ready, go_on = threading.Event(), threading.Event()
    claimant.before_sending = lambda: (ready.set(), go_on.wait())
    sending = threading.Thread(target=claimant.make)
    sending.start()
    ready.wait()
    place.settle()  # so that nobody else waits for the table
    with place.world.holding("claims_statechange"):
        go_on.set()
        until(lambda: place.world.rows(_WAITS_FOR_A_LOCK)[0][0])
        place.world.kill_web()
    place.world.wait_until_ready()
    sending.join()
    assert claimant.interrupted
    _made(place, claimant)


def _made(place: Place, claimant: Claimant) -> Claimant:
    """Make the claim, unless it is made, and add it to those of which the portal should know."""
    if not claimant.number:
        claimant.make()
    place.claimants.append(claimant)
    return claimant


def _with_pdf(place: Place) -> Claimant:
    """A claim with one PDF. The scan of a stream is held, so a program is cleaning the file meanwhile."""
    place.settle()
    place.gate.hold(when=place.world.cleaning_programs)
    filling = len(place.claimants).to_bytes(4) * 50_000
    return Claimant(place.world, place.next_member(), [Paper("receipt", "held.pdf", pdf(filling))])


def _until_held(place: Place) -> None:
    until(lambda: place.gate.held and place.world.cleaning_programs(), otherwise=lambda: _state_of_checks(place))


def _state_of_checks(place: Place) -> str:
    """What tells why a check did not begin: scans, jobs, workers, and the end of the log."""
    jobs, workers = place.world.rows(_JOBS), place.world.rows(_WORKERS)
    return f"scans {place.gate.scans}, held {place.gate.held}, {jobs=}, {workers=} {place.world.log[-3000:]}"


def _web_dies(place: Place) -> None:
    place.world.kill_web()
    place.world.wait_until_ready()


def _database_dies(place: Place) -> None:
    place.world.kill_database()
    place.world.start_database()
    place.world.wait_until_ready()


def _send_and_go(place: Place, claimant: Claimant) -> None:
    """Send the claim, and leave before the answer."""
    named = {**claimant.headers, "Content-Type": "application/json", "Content-Length": "2"}
    line = f"POST /api/v1/id/claims/{claimant.claim}/submit HTTP/1.1"
    head = [line, *(f"{name}: {text}" for name, text in named.items())]
    with socket.create_connection(("127.0.0.1", place.world.port)) as phone:
        phone.sendall("\r\n".join([*head, "", "{}"]).encode())
        until(lambda: place.world.rows(_SENT, claimant.claim)[0][0])


def _hide_store(place: Place) -> Callable[[], None]:
    """Put a file in the place of the store's folder. Returns what undoes that."""
    store, aside = place.world.home / "files", place.world.home / "files-aside"
    store.rename(aside)
    store.touch()

    def undo() -> None:
        store.unlink()
        aside.rename(store)

    return undo


KILLS: tuple[Callable[[Place], None], ...] = (
    a_quiet_claim,
    the_web_server_dies_during_an_upload,
    the_web_server_dies_when_a_part_is_kept,
    the_database_dies_during_an_upload,
    the_store_is_away_during_an_upload,
    the_worker_dies_during_a_check,
    the_database_dies_during_a_check,
    the_scanner_is_away,
    the_answer_to_sending_is_lost,
    the_web_server_dies_before_sending_takes_effect,
)
