"""E-mail and SMS as data, the error that every gateway raises, and the mail gateway. SMS gateways are in `sms/`."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime
from urllib.parse import unquote, urlsplit
from uuid import UUID

from mypolis.foundation.lib.email_addresses import read_email

TIMEOUT_SECONDS = 15.0
_SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_NO_MAILBOX = frozenset({550, 551, 553})
_ENHANCED = re.compile(rb"5\.\d{1,3}\.\d{1,3}")
_BAD_ADDRESS = frozenset({b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.6", b"5.1.10", b"5.2.1"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class DeliveryFailed(Exception):
    """The partner did not accept the message.

    `reason` names the failure without personal data. `permanent`: a retry will not help. `unsure`: the partner may
    have accepted it, because the connection broke during the answer. `down`: the partner does not work at present.
    `no_such_address`: the recipient does not exist.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        unsure: bool = False,
        down: bool = False,
        no_such_address: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason, self.permanent, self.unsure = reason, permanent, unsure
        self.down, self.no_such_address = down, no_such_address


@dataclass(frozen=True, kw_only=True)
class Email:
    """An e-mail, ready to send. `host` is the portal's host name, for Message-ID."""

    id: UUID
    to: str
    sender: str
    sender_name: str
    reply_to: str
    subject: str
    text: str
    html: str
    language: str
    host: str


@dataclass(frozen=True, kw_only=True)
class Sms:
    """A text message, ready to send. `to` is E.164; `sender` is the name or number that the phone shows."""

    id: UUID
    to: str
    text: str
    sender: str


class EmailGateway:
    """Sends e-mail by SMTP and verifies certificates.

    `smtps://` uses TLS from the start. `smtp+starttls://` requires STARTTLS before it sends anything. `smtp://` uses
    STARTTLS if the server offers it, which is enough for a relay on the same machine.
    """

    def __init__(self, smtp_url: str) -> None:
        url = urlsplit(smtp_url)
        if url.scheme not in _SMTP_PORTS or not url.hostname:
            raise ValueError("the SMTP address must be smtps:// or smtp+starttls://user:password@host:port")
        self._tls, self._needs_tls = url.scheme == "smtps", url.scheme != "smtp"
        self._host = url.hostname
        self._port = url.port or _SMTP_PORTS[url.scheme]
        self._user, self._password = unquote(url.username or ""), unquote(url.password or "")

    def send(self, email: Email) -> str:
        """Send it to the server; return its Message-ID. Raises DeliveryFailed."""
        message = compose(email)
        content = message.as_bytes()
        recipient = message["To"].addresses[0].addr_spec
        try:
            with self._connected(name=email.host) as smtp:
                _judge(smtp.mail(email.sender))
                _judge_recipient(smtp.rcpt(recipient))
                _judge(_hand_over(smtp, content))
        except (smtplib.SMTPException, OSError) as error:
            # Failures to connect, greet or authenticate are not caused by the message.
            code = getattr(error, "smtp_code", "")
            raise DeliveryFailed(f"{type(error).__name__} {code}".strip()) from None
        return str(message["Message-ID"])

    @contextmanager
    def _connected(self, *, name: str) -> Iterator[smtplib.SMTP]:
        smtp = (
            smtplib.SMTP_SSL(self._host, self._port, name, timeout=TIMEOUT_SECONDS, context=_verified())
            if self._tls
            else smtplib.SMTP(self._host, self._port, name, timeout=TIMEOUT_SECONDS)
        )
        try:
            self._introduce(smtp)
            yield smtp
            # An accepted message stays accepted, even if QUIT fails.
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        finally:
            smtp.close()

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        private = self._tls or (self._host in LOOPBACK and not self._needs_tls)
        if not self._tls and smtp.has_extn("starttls"):
            smtp.starttls(context=_verified())
            smtp.ehlo()
            private = True
        if not private and (self._user or self._needs_tls):
            raise DeliveryFailed("the mail server offers no TLS")
        if self._user:
            smtp.login(self._user, self._password)


def _verified() -> ssl.SSLContext:
    return ssl.create_default_context()


def compose(email: Email) -> EmailMessage:
    """The e-mail with its headers, text and HTML. Raises DeliveryFailed for a malformed address or header."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    try:
        message["From"] = Address(email.sender_name, addr_spec=email.sender)
        message["To"] = Address(addr_spec=read_email(email.to).wire)
        message["Reply-To"] = Address(addr_spec=email.reply_to)
        message["Subject"] = email.subject
    except (ValueError, IndexError, MessageError):
        raise DeliveryFailed("an address or a header is malformed", permanent=True) from None
    message["Date"] = localtime()
    message["Message-ID"] = f"<{email.id}@{email.host}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(email.text)
    message.add_alternative(email.html, subtype="html")
    message["Content-Language"] = email.language  # last: setting the contents resets Content- headers
    return message


def _hand_over(smtp: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
    try:
        return smtp.data(content)
    except smtplib.SMTPDataError as refusal:
        return refusal.smtp_code, b""
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(f"{type(error).__name__} while the server took it", unsure=True) from None


def _judge(answer: tuple[int, bytes]) -> None:
    code = answer[0]
    if not 200 <= code < 300:
        raise DeliveryFailed(f"smtp {code}", permanent=500 <= code < 600)


def _judge_recipient(answer: tuple[int, bytes]) -> None:
    """Raise for a refused recipient. By RFC 3463, tells an unknown address from other causes (spam, a full mailbox)."""
    code, words = answer
    enhanced = _ENHANCED.match(words)
    if code in _NO_MAILBOX and (enhanced is None or enhanced[0] in _BAD_ADDRESS):
        raise DeliveryFailed(f"smtp {code}", permanent=True, no_such_address=True)
    _judge(answer)
