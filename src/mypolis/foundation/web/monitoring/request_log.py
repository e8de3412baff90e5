"""One log line and one measurement per request. They name the route, because a path may contain a token."""

import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from mypolis.foundation.web.monitoring import metrics

_ID_CHARACTERS = "abcdefghjkmnpqrstuvwxyz"  # no digits, so that people do not confuse it with another number
_QUIET = frozenset({"healthz", "readyz", "metrics", "static"})

_log = structlog.get_logger(__name__)


class RequestLog:
    """The outermost middleware. Sets `request.request_id`: ten letters that every log line of the request contains.

    Callers get it in the header `X-Request-Id`; error pages may show it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle the request and log it."""
        request_id = "".join(secrets.choice(_ID_CHARACTERS) for _place in range(10))
        request.request_id = request_id  # type: ignore[attr-defined]
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            _log_request(request, response, time.perf_counter() - began)
        response["X-Request-Id"] = request_id
        return response


def _log_request(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    route = _route(request)
    method = metrics.method_label(request.method)
    market = getattr(request, "market", None)
    metrics.observe_request(route=route, method=method, status=response.status_code, seconds=seconds)
    log = _log.debug if route in _QUIET and response.status_code < 400 else _log.info
    log(
        "request.done",
        method=method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        market=market.code if market else None,
    )


def _route(request: HttpRequest) -> str:
    """Return the route's pattern, `static` for static files, or `none` if no route matches."""
    if request.resolver_match is not None:
        return request.resolver_match.route or "/"
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"
