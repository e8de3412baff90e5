"""Problem documents (RFC 9457): how the API reports errors."""

import json
import math
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils import timezone
from django.utils.encoding import force_str

from mypolis.foundation.markets.profile import Text

CONTENT_TYPE = "application/problem+json"


def problem(
    status: int,
    code: str,
    detail: Text,
    *,
    errors: Iterable[tuple[str, str, Text]] = (),
    until: datetime | None = None,
    **more: Any,
) -> HttpResponse:
    """Create a problem response with a `code` and a sentence for people; `errors` are (field, code, message)."""
    body = {
        "type": f"urn:mypolis:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": force_str(detail),
        "errors": [{"field": field, "code": error, "message": force_str(message)} for field, error, message in errors],
        **more,
    }
    content = json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False)
    # A field name in the request may contain a lone surrogate, which UTF-8 cannot encode.
    response = HttpResponse(content.encode(errors="replace"), status=status, content_type=CONTENT_TYPE)
    if until is not None:
        response["Retry-After"] = str(max(1, math.ceil((until - timezone.now()).total_seconds())))
    return response
