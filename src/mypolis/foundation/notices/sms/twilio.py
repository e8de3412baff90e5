"""Twilio's Messages resource (API 2010-04-01), and its signed status callbacks.

Source: twilio.com/docs/messaging/api/message-resource, …/docs/usage/webhooks/webhooks-security, …/docs/api/errors.
"""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx

from mypolis.foundation.notices.gateways import LOOPBACK, DeliveryFailed, Sms
from mypolis.foundation.notices.sms.gateway import Address, Delivered, Forged, Receipt, Report
from mypolis.foundation.notices.sms.gateway_http import client, json_in, plain_id, post, uuid_in

HOST = "api.twilio.com"
# Errors of this message at any gateway: unknown number, not a mobile number, owner sent STOP, text empty or too long.
_NEVER = frozenset({21211, 21214, 21217, 21219, 21421, 21602, 21605, 21610, 21614, 21617})
_OUTCOMES: dict[str, Delivered] = {"delivered": "delivered", "undelivered": "undeliverable", "failed": "undeliverable"}


class TwilioGateway:
    """`twilio://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com`. Twilio does not deduplicate by id."""

    takes_an_id_once = False

    def __init__(self, name: str, address: Address) -> None:
        if not address.user or not address.password:
            raise ValueError("needs twilio://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com")
        self.name = name
        self._token, self._hooks_url = address.password, address.hooks_url
        scheme = "http" if address.host in LOOPBACK else "https"
        self._url = f"{scheme}://{address.place}/2010-04-01/Accounts/{quote(address.user, safe='')}/Messages.json"
        self._client = client(auth=httpx.BasicAuth(address.user, address.password))

    def send(self, sms: Sms) -> str:
        """Send it to Twilio; return the message's SID. Raises DeliveryFailed."""
        form = {"To": sms.to, "From": sms.sender, "Body": sms.text}
        if self._hooks_url.startswith("https://"):  # Twilio refuses a message with an unreachable callback
            form["StatusCallback"] = f"{self._hooks_url}?message={sms.id}"
        answer = post(self._client, self._url, data=form)
        told = json_in(answer)
        if answer.is_success:
            return plain_id(told.get("sid"))
        raise _failure(answer.status_code, told)

    def receipt(self, report: Report) -> Receipt | None:
        """Read a status callback. Its signature covers every field and the URL, which contains our id."""
        fields = parse_qsl(report.body.decode(errors="replace"), keep_blank_values=True)
        given = report.headers.get("x-twilio-signature", "")
        if not hmac.compare_digest(given.encode(), signature(report.url, fields, self._token).encode()):
            raise Forged
        found = dict(fields)
        if len(found) != len(fields):
            return None  # a repeated field is ambiguous
        outcome = _OUTCOMES.get(found.get("MessageStatus", ""))
        message_id = uuid_in(report.query.get("message"))
        if outcome is None or message_id is None:
            return None
        return Receipt(message_id=message_id, outcome=outcome, reason=found.get("ErrorCode", ""))


def signature(url: str, fields: list[tuple[str, str]], token: str) -> str:
    """Base64 of the HMAC-SHA1 of the URL followed by each field's name and value, sorted by name."""
    signed = url + "".join(name + value for name, value in sorted(fields))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), hashlib.sha1)).decode()


def _failure(status: int, told: dict[str, Any]) -> DeliveryFailed:
    code = told.get("code")
    reason = f"http {status} twilio {code}" if isinstance(code, int) else f"http {status}"
    return DeliveryFailed(
        reason,
        permanent=isinstance(code, int) and code in _NEVER,
        # Despite an error response, Twilio may have accepted the message; only 503 means that it did not.
        unsure=status >= 500 and status != 503,
        down=status in (401, 403, 503),
    )
