"""A gateway that uses our own small JSON format, for providers without a class here. They need a small adapter."""

import hmac

from mypolis.foundation.lib.json_reader import read_object
from mypolis.foundation.notices.gateways import DeliveryFailed, Sms
from mypolis.foundation.notices.sms.gateway import Delivered, Forged, Receipt, Report
from mypolis.foundation.notices.sms.gateway_http import client, json_in, plain_id, post, uuid_in

# The gateway refuses our token or our request rate, not the message.
_OUR_FAULT = frozenset({401, 403})
_TRY_AGAIN = _OUR_FAULT | {408, 409, 425, 429}
_OUTCOMES: dict[str, Delivered] = {"delivered": "delivered", "undeliverable": "undeliverable"}


class HttpGateway:
    """`POST {"to", "text", "sender", "id"}` with a bearer token, or with Basic authentication if the URL has a user.

    The id is also sent as `Idempotency-Key`: the gateway must accept a message once, however often it is posted. A
    2xx response means accepted; its JSON may contain the gateway's own `id`.
    """

    takes_an_id_once = True

    def __init__(self, name: str, url: str, token: str | None, *, receipts_token: str | None = None) -> None:
        self.name = name
        self._url, self._receipts_token = url, receipts_token or ""
        self._client = client(headers={"Authorization": f"Bearer {token}"} if token else {})

    def send(self, sms: Sms) -> str:
        """Send it to the gateway; return the gateway's id, or "". Raises DeliveryFailed."""
        body = {"to": sms.to, "text": sms.text, "sender": sms.sender, "id": str(sms.id)}
        answer = post(self._client, self._url, json=body, headers={"Idempotency-Key": str(sms.id)})
        status = answer.status_code
        if not answer.is_success:
            raise DeliveryFailed(
                f"http {status}",
                permanent=answer.is_client_error and status not in _TRY_AGAIN,
                down=status == 503 or status in _OUR_FAULT,
            )
        return plain_id(json_in(answer).get("id"))

    def receipt(self, report: Report) -> Receipt | None:
        """Read `{"id", "status": "delivered" | "undeliverable", "reason"?}`; another status is not final."""
        if not is_bearer(report, self._receipts_token):
            raise Forged
        try:
            found = read_object(report.body)
        except ValueError:
            return None
        status, message_id = found.get("status"), uuid_in(found.get("id"))
        if not isinstance(status, str) or status not in _OUTCOMES or message_id is None:
            return None
        return Receipt(message_id=message_id, outcome=_OUTCOMES[status], reason=str(found.get("reason", "")))


def is_bearer(report: Report, token: str) -> bool:
    """Whether the report was sent with this bearer token; always false when no token is set."""
    given = report.headers.get("authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
