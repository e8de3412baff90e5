"""Kannel's sendsms service (1.4.4 and later): a gateway for insurers with their own connections to mobile operators.

Source: Kannel's user guide, "Using the HTTP interface to send SMS messages". We use the POST form without XML, so that
neither text nor number appears in a URL.
"""

import hmac
from base64 import b64encode

from mypolis.foundation.notices.gateways import DeliveryFailed, Sms
from mypolis.foundation.notices.sms.gateway import Address, Delivered, Forged, Receipt, Report
from mypolis.foundation.notices.sms.gateway_http import client, post, uuid_in
from mypolis.foundation.notices.sms.sms_length import is_gsm

PORT = 13_013
USER = "kannel"  # the user of Kannel's Basic authentication when it calls back
_FINAL = 1 | 2 | 16  # dlr-mask: delivered, not delivered, refused by the SMS centre
_OUTCOMES: dict[str, Delivered] = {"1": "delivered", "2": "undeliverable", "16": "undeliverable"}


class KannelGateway:
    """`kannel://user:password@host:13013`, or `kannels://` over TLS. Kannel does not deduplicate by our id."""

    takes_an_id_once = False

    def __init__(self, name: str, address: Address) -> None:
        if not address.user or not address.password:
            raise ValueError("needs kannel[s]://user:password@host:port")
        self.name = name
        scheme = "https" if address.scheme == "kannels" else "http"
        place = address.place if address.port else f"{address.place}:{PORT}"
        self._url = f"{scheme}://{place}/cgi-bin/sendsms"
        self._receipts_token, self._hooks_url = address.receipts_token, address.hooks_url
        self._client = client(headers={"X-Kannel-Username": address.user, "X-Kannel-Password": address.password})

    def send(self, sms: Sms) -> str:
        """Send it to Kannel, which returns no id that could be queried later. Raises DeliveryFailed."""
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-From": sms.sender,
            "X-Kannel-To": sms.to,
            "X-Kannel-Coding": "0" if is_gsm(sms.text) else "2",
            **self._asking_for_receipts(sms),
        }
        answer = post(self._client, self._url, content=sms.text.encode(), headers=headers)
        status = answer.status_code
        if answer.is_success:
            return ""
        raise DeliveryFailed(
            f"http {status}",
            permanent=status == 400,
            unsure=status >= 500 and status != 503,
            down=status in (401, 403, 404, 503),
        )

    def receipt(self, report: Report) -> Receipt | None:
        """Read a call to the callback URL that was sent with the message."""
        expected = b64encode(f"{USER}:{self._receipts_token}".encode())
        given = report.headers.get("authorization", "")
        if not self._receipts_token or not hmac.compare_digest(given.encode(), b"Basic " + expected):
            raise Forged
        outcome = _OUTCOMES.get(report.query.get("status", ""))
        message_id = uuid_in(report.query.get("message"))
        if outcome is None or message_id is None:
            return None
        return Receipt(message_id=message_id, outcome=outcome, reason=report.query.get("reason", ""))

    def _asking_for_receipts(self, sms: Sms) -> dict[str, str]:
        if not self._receipts_token:
            return {}
        scheme, _, rest = self._hooks_url.partition("://")
        # Kannel sends the secret in a header, not in the URL, and fills in the receipt's type. We do not request the
        # centre's own text (%A), because it may contain the phone number.
        url = f"{scheme}://{USER}:{self._receipts_token}@{rest}?message={sms.id}&status=%d"
        return {"X-Kannel-DLR-Url": url, "X-Kannel-DLR-Mask": str(_FINAL)}
