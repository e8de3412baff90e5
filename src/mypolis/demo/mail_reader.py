"""The content of a message: text, links, code. Plain functions without a database."""

import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

_LINK = re.compile(r"https?://[^\s<>\"'«»]+")
_TRAILING = ".,;:!?)]"
_BOUND_CODE = re.compile(r"^@\S+ #(\d{6})\s*$", re.MULTILINE)
_CODE = re.compile(r"^ *(\d{6})\s*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A parsed email; `sender` is the bare address of the From header, `html` is "" if there is none."""

    message_id: str
    sender: str
    subject: str
    text: str
    html: str


def read_mail(content: bytes) -> Mail:
    """Parse a message received over SMTP. Raises ValueError if a mailbox would not accept it as an email."""
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
    sender = message["From"]
    if sender is None or len(sender.addresses) != 1:
        raise ValueError("one sender is needed in From")
    if message["Message-ID"] is None:
        raise ValueError("a Message-ID is needed")
    return Mail(
        message_id=str(message["Message-ID"]).strip(),
        sender=str(sender.addresses[0].addr_spec),
        subject=str(message["Subject"] or ""),
        text=_body(message, "plain"),
        html=_body(message, "html"),
    )


def links_in(text: str) -> list[str]:
    """The web addresses in a text, in order, without repeats."""
    return list(dict.fromkeys(match.rstrip(_TRAILING) for match in _LINK.findall(text)))


def code_in(text: str) -> str:
    """The six digits that a person would type; "" if the message has no code.

    They are in the origin-bound line of an SMS, or on a line of their own in an email. Six digits anywhere else may be
    something else, for example the size of a file.
    """
    found = _BOUND_CODE.search(text) or _CODE.search(text)
    return found[1] if found else ""


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body(preferencelist=(subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
