"""The queue: creates the job of a message, and runs the worker for all jobs of the product."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NoReturn

import structlog
from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError, close_old_connections
from procrastinate import PsycopgConnector, RetryStrategy
from procrastinate.contrib.django import DjangoApp, app, connector_params
from psycopg_pool import AsyncConnectionPool

from mypolis.foundation.notices.models import Message

DELIVER = "notices.deliver"
CODES, MAIL, UPKEEP, FILES = "codes", "mail", "upkeep", "files"
URGENT, ORDINARY, UPKEEP_FIRST = 10, 0, 20

HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 20.0
POLL_SECONDS = 2.0
RESTART_SECONDS = 2.0
OPEN_SECONDS = 5.0
MOST_ATTEMPTS = 5
WHILE_THE_DATABASE_IS_AWAY = RetryStrategy(
    max_attempts=MOST_ATTEMPTS, wait=3, retry_exceptions={OperationalError, InterfaceError}
)

_log = structlog.get_logger(__name__)


def enqueue(message: Message, *, at: datetime | None = None) -> None:
    """Add the job that delivers the message, in the caller's transaction. The job contains only the id.

    A message has at most one waiting job, because its id is the queueing lock.
    """
    app.configure_task(
        DELIVER,
        queue=CODES if message.urgent else MAIL,
        priority=URGENT if message.urgent else ORDINARY,
        queueing_lock=str(message.pk),
        schedule_at=at,
    ).defer(message_id=str(message.pk))


def run_worker(concurrency: int = 4) -> None:
    """Run jobs until SIGTERM or SIGINT, then finish the running ones. Call it in the main thread only.

    Runs up to `concurrency` jobs in parallel, and besides as many code messages and as many checks of files. So a code
    never waits for slow bulk mail, and nothing waits for a slow virus scanner. While the database is unavailable, the
    worker retries.
    """
    asyncio.run(_until_stopped(concurrency))


async def _until_stopped(concurrency: int) -> None:
    loop = asyncio.get_running_loop()
    # Each job runs in a thread; the remaining threads are for DNS look-ups.
    loop.set_default_executor(ThreadPoolExecutor(3 * concurrency + 2, thread_name_prefix="job"))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    served = {"codes": [CODES], "files": [FILES], "others": _others()}
    await asyncio.gather(*(_keep_working(name, queues, concurrency, stop) for name, queues in served.items()))


async def _keep_working(name: str, queues: list[str], concurrency: int, stop: asyncio.Event) -> None:
    """Serve these queues until `stop`, and begin again after each error.

    Before that, the running jobs are finished. Other queues do not wait for it: a scan can take minutes.
    """
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        working = asyncio.create_task(_work(name, queues, concurrency))
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        (error,) = await asyncio.gather(working, return_exceptions=True)
        if not stop.is_set():
            _log.error("worker.broke_off", worker=name, error=type(error).__name__)
            await asyncio.wait({stopping}, timeout=RESTART_SECONDS)


async def _work(name: str, queues: list[str], concurrency: int) -> NoReturn:
    """Serve the queues until cancelled, then finish the running jobs. Ends by itself only after an error."""
    # Procrastinate's periodic scheduler queries the database through this thread's connection.
    await sync_to_async(close_old_connections)()
    async with _connected_app(concurrency).open_async() as worker_app:
        await worker_app.run_worker_async(name=name, queues=queues)
    raise RuntimeError("a worker ended by itself")


def _others() -> list[str]:
    """All queues but that of files: those of this module and those that tasks declare. Codes may go either way."""
    return sorted({CODES, MAIL, UPKEEP, *(task.queue for task in app.tasks.values())} - {FILES})


class _Pool(AsyncConnectionPool):
    """A connection pool that gives up early and is recreated. Its own retries back off and would reconnect late."""

    async def open(self, wait: bool = False, timeout: float = OPEN_SECONDS) -> None:
        """Open the pool; with `wait`, until its first connections exist. Raises PoolTimeout."""
        await super().open(wait, timeout)


def _connected_app(concurrency: int) -> DjangoApp:
    """An app with its own connections for listening, which shares the tasks of the product's app.

    The tasks keep the product's app, so that a task enqueues jobs in the transaction of its Django connection.
    """
    connector = PsycopgConnector(pool_factory=_Pool, kwargs=connector_params(), min_size=1, max_size=3)
    worker_app = DjangoApp(
        connector=connector,
        worker_defaults={
            "concurrency": concurrency,
            "delete_jobs": "successful",
            "fetch_job_polling_interval": POLL_SECONDS,
            "update_heartbeat_interval": HEARTBEAT_SECONDS,
            "stalled_worker_timeout": STALLED_SECONDS,
            "install_signal_handlers": False,
        },
    )
    worker_app.tasks = app.tasks
    worker_app.periodic_registry = app.periodic_registry
    return worker_app
