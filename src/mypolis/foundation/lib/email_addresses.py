"""E-mail addresses in a canonical form: two addresses are equal only if mail goes to the same place.

Programs interpret some domains differently: IDNA 2003, which many mail programs still use, and IDNA 2008 (RFC 5891)
turn "ß", "ς" or "ₐ" into different domains. We accept an address only if both agree. Otherwise somebody could write an
address that equals another one here but is delivered elsewhere.
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
# No quoted parts: `"anna"@x` and `anna@x` are the same mailbox. No letters beyond ASCII: most mail servers cannot
# deliver to them.
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII | re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


class EmailAddressError(ValueError):
    """The text is not a usable address; `code` says why. It never contains the text."""

    def __init__(self, code: EmailCode) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class EmailAddress:
    """An address with an unambiguous domain. `local` is as typed; `domain` is in lower-case ASCII."""

    local: str
    domain: str

    @property
    def key(self) -> str:
        """The key for comparing addresses; it ignores letter case."""
        return f"{self.local.lower()}@{self.domain}"

    @property
    def wire(self) -> str:
        """The address as the mail server gets it, in ASCII; the local part keeps its letter case."""
        return f"{self.local}@{self.domain}"

    @property
    def spelling(self) -> str:
        """The address for people: an international domain in its own script."""
        return f"{self.local}@{_readable(self.domain)}"

    @property
    def canonical(self) -> str:
        """The canonical spelling for people; the same for all equal addresses."""
        return f"{self.local.lower()}@{_readable(self.domain)}"


def read_email(text: str) -> EmailAddress:
    """Parse an address. Raises `EmailAddressError` "malformed", or "ambiguous" if programs would disagree."""
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
    """Return the match key of an address. An invalid text gets its own key, which equals no address's key."""
    try:
        return read_email(text).key
    except EmailAddressError:
        return "".join(sign.lower() if sign.isascii() else sign for sign in _tidy(text))


def _tidy(text: str) -> str:
    return _LEFTOVERS.sub("", text).strip()


def _in_ascii(domain: str) -> str:
    """Return the domain's A-labels in lower case, if both versions of IDNA agree on them."""
    if any(not sign.isascii() and sign.lower()[0].isascii() for sign in domain):
        raise EmailAddressError("ambiguous")  # only some programs treat the Turkish "İ" as "i"
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
        # An A-label that was typed is unambiguous already.
        agree = label.isascii() or found == unicode.encode("idna")
    except UnicodeError:
        raise EmailAddressError("ambiguous") from None
    if not agree or _mixes_alphabets(unicode):
        raise EmailAddressError("ambiguous")
    return found.decode("ascii")


def _mixes_alphabets(label: str) -> bool:
    """Whether a label mixes alphabets with similar letters: "pоsta" with a Cyrillic "о"."""
    names = {unicodedata.name(sign, "").partition(" ")[0] for sign in label if sign.isalpha()}
    return len(names.intersection(_ALPHABETS)) > 1


def _readable(domain: str) -> str:
    """Return the domain in its own script, if that means the same domain."""
    if "xn--" not in domain:
        return domain
    try:
        readable: str = idna.decode(domain)
        return readable if _in_ascii(readable) == domain else domain
    except (UnicodeError, EmailAddressError):
        return domain
