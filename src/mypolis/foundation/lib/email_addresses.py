"""E-mail addresses in one form: what is compared is where mail goes.

Programs read some domains in different ways: IDNA 2003, which many mail programs still use, and IDNA 2008 (RFC 5891)
turn "ß", "ς" or "ₐ" into different domains. An address is read only when both agree, so that nobody can write an
address that equals another one here and is delivered elsewhere.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import idna

EmailCode = Literal["malformed", "ambiguous"]

LONGEST = 254  # of the address as the mail server gets it: RFC 5321, 4.5.3.1.3
_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 253
# Marks that copying from a page or a spreadsheet leaves behind.
_LEFTOVERS = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")
# No quoted parts: `"anna"@x` and `anna@x` are one mailbox in two spellings. No letters beyond ASCII: most mail servers
# cannot deliver to them.
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII | re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


class EmailAddressError(ValueError):
    """Why the text is no address that mail can go to: see `code`. Never holds the text."""

    def __init__(self, code: EmailCode) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class EmailAddress:
    """An address whose domain has one meaning. `local` is as typed; `domain` is in ASCII, small letters."""

    local: str
    domain: str

    @property
    def key(self) -> str:
        """What equal addresses share: letter case does not matter."""
        return f"{self.local.lower()}@{self.domain}"

    @property
    def wire(self) -> str:
        """The address as the mail server gets it, in ASCII; the local part keeps its letter case."""
        return f"{self.local}@{self.domain}"

    @property
    def spelling(self) -> str:
        """The address as people read it: an international domain in its own letters."""
        return f"{self.local}@{_readable(self.domain)}"

    @property
    def canonical(self) -> str:
        """The one spelling of all equal addresses, as people read it."""
        return f"{self.local.lower()}@{_readable(self.domain)}"


def read_email(text: str) -> EmailAddress:
    """The address in a text. Raises `EmailAddressError` "malformed", or "ambiguous" where programs disagree."""
    text = _tidy(text)
    if len(text) > LONGEST:
        raise EmailAddressError("malformed")
    local, at, domain = text.rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        raise EmailAddressError("malformed")
    address = EmailAddress(local, _in_ascii(domain))
    if len(address.wire) > LONGEST:
        raise EmailAddressError("malformed")
    return address


def fold_email(text: str) -> str:
    """The match key of an address. A text that is no address keeps a key of its own, which equals no address's."""
    try:
        return read_email(text).key
    except EmailAddressError:
        return "".join(sign.lower() if sign.isascii() else sign for sign in _tidy(text))


def _tidy(text: str) -> str:
    return _LEFTOVERS.sub("", text).strip()


def _in_ascii(domain: str) -> str:
    """The domain's A-labels in small letters: its one meaning under both versions of IDNA."""
    if any(not sign.isascii() and sign.lower()[0].isascii() for sign in domain):
        raise EmailAddressError("ambiguous")  # the Turkish "İ" is an "i" to some programs only
    labels = domain.lower().split(".")
    if len(labels) < 2 or labels[-1].isdecimal():
        raise EmailAddressError("malformed")
    found = ".".join(_label(label) for label in labels)
    if len(found) > _LONGEST_DOMAIN:
        raise EmailAddressError("malformed")
    return found


def _label(label: str) -> str:
    if label.isascii() and not label.startswith("xn--"):
        if not _LABEL.fullmatch(label):
            raise EmailAddressError("malformed")
        return label
    try:
        unicode = idna.ulabel(label) if label.isascii() else unicodedata.normalize("NFC", label)
        found = idna.alabel(unicode)
        # An A-label that was typed as such has one meaning already.
        agree = label.isascii() or found == unicode.encode("idna")
    except UnicodeError:
        raise EmailAddressError("ambiguous") from None
    if not agree or _mixes_alphabets(unicode):
        raise EmailAddressError("ambiguous")
    return found.decode("ascii")


def _mixes_alphabets(label: str) -> bool:
    """Whether letters that look alike may stand for each other: "pоsta" with a Cyrillic "о"."""
    names = {unicodedata.name(sign, "").partition(" ")[0] for sign in label if sign.isalpha()}
    return len(names.intersection(_ALPHABETS)) > 1


def _readable(domain: str) -> str:
    """The domain in its own letters, where these mean the same domain."""
    if "xn--" not in domain:
        return domain
    try:
        readable: str = idna.decode(domain)
        return readable if _in_ascii(readable) == domain else domain
    except (UnicodeError, EmailAddressError):
        return domain
