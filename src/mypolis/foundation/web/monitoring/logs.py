"""Logs: one JSON object per line on standard error; readable lines in the demo. Personal data is masked.

Log lines from our code and from libraries pass through the same processors. Tracebacks contain places in the code but
no values. `docs/reference/operations.md` lists the log events.
"""

import logging
import logging.config
import sys
import threading
from types import TracebackType
from typing import Any, TextIO

import structlog
from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest
from gunicorn.glogging import Logger
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

from mypolis.foundation.web.monitoring.redaction import redact
from mypolis.foundation.web.outage import StoreAwayError, is_outage

_log = structlog.get_logger("mypolis.web")

_TRACE_FRAMES = 40
# Libraries log only warnings and above: their lower levels would log URLs, SQL and mail.
_LEVELS = {
    "django.request": "CRITICAL",  # its lines contain paths; RequestLog logs the route instead
    "django.server": "CRITICAL",
    "gunicorn.access": "CRITICAL",
    "gunicorn": "INFO",
}


def set_up() -> None:
    """Route structlog and the standard library's logging through the same processors. Safe to call again."""
    config = settings.MYPOLIS
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": _formatter, "readable": config.mode != "production"}},
            "handlers": {"stderr": {"()": _StandardError, "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": "ERROR" if config.log_level == "ERROR" else "WARNING"},
            "loggers": {
                "mypolis": {"level": config.log_level},
                **{name: {"level": level} for name, level in _LEVELS.items()},
            },
        }
    )
    logging.captureWarnings(True)
    got_request_exception.connect(_log_failure, dispatch_uid="mypolis.foundation.web.monitoring.logs")
    if config.mode == "production":
        sys.excepthook = _log_crash
        threading.excepthook = _log_crash_of_thread


class GunicornLogger(Logger):  # type: ignore[misc]  # gunicorn is untyped
    """Sends gunicorn's log lines through our logging. For gunicorn's setting `logger_class`."""

    def setup(self, cfg: Any) -> None:
        """Remove the handlers that gunicorn sets up."""
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to the current `sys.stderr`, because tests and gunicorn replace it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Standard error."""
        return sys.stderr


def _shared() -> list[Processor]:
    """The processors for every line. Time and level are added after masking, because they need none."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _exception,
        redact,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter(*, readable: bool) -> structlog.stdlib.ProcessorFormatter:
    last: list[Processor] = (
        [_readable_exception, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)]
        if readable
        else [structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )


_exception = structlog.processors.ExceptionRenderer(
    ExceptionDictTransformer(show_locals=False, max_frames=_TRACE_FRAMES, use_rich=False)
)


def _readable_exception(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Format the traceback as indented lines, with the outermost cause last."""
    stacks = line.pop("exception", None)
    if isinstance(stacks, list):
        lines = []
        for stack in stacks:
            lines.append(f"  {stack['exc_type']}: {stack['exc_value']}")
            lines += [f"    {frame['filename']}:{frame['lineno']} {frame['name']}" for frame in stack["frames"]]
        line["exception"] = "\n".join(lines)
    return line


def _log_failure(*, request: HttpRequest | None = None, **_signal: Any) -> None:
    """Log an unhandled exception: one line with its traceback.

    The line contains the `request_id` that the error page may show. An outage is logged without a traceback: it is not
    a bug in the code, and there will be many such lines.
    """
    route = request.resolver_match.route if request is not None and request.resolver_match else ""
    error = sys.exception()
    if error is not None and is_outage(error):
        cause = type(error.__cause__ or error).__name__
        if isinstance(error, StoreAwayError):
            _log.error("files.away", route=route, error=cause)
            return
        _log.error("database.away", route=route, error=cause, sqlstate=getattr(error.__cause__, "sqlstate", None))
        return
    _log.error("request.failed", route=route, exc_info=True)


def _log_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        _log.critical("process.crashed", exc_info=(kind, error, trace))


def _log_crash_of_thread(crash: threading.ExceptHookArgs) -> None:
    if crash.exc_value is not None and not isinstance(crash.exc_value, SystemExit):
        _log.error("thread.crashed", exc_info=(crash.exc_type, crash.exc_value, crash.exc_traceback))
