"""Creates the gateways of this deployment from its settings, in order of preference."""

import re
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from mypolis.foundation.notices.sms.gateway import Address, SmsGateway
from mypolis.foundation.notices.sms.http import HttpGateway
from mypolis.foundation.notices.sms.kannel import KannelGateway
from mypolis.foundation.notices.sms.twilio import TwilioGateway

_NAME = re.compile(r"[a-z0-9-]{1,24}")


def _smpp(name: str, address: Address) -> SmsGateway:
    """An SMPP gateway. Its library is an optional extra and is imported only here. Raises ValueError without it."""
    if find_spec("smpplib") is None:
        raise ValueError("needs the extra package smpplib: install mypolis[smpp]")
    from mypolis.foundation.notices.sms.smpp import SmppGateway  # noqa: PLC0415 - loads the library

    return SmppGateway(name, address)


_CLASSES: dict[str, Callable[[str, Address], SmsGateway]] = {
    "twilio": TwilioGateway,
    "kannel": KannelGateway,
    "kannels": KannelGateway,
    "smpp": _smpp,
    "smpps": _smpp,
}
_SCHEMES = {"https": "http", "http": "http"} | {scheme: scheme.removesuffix("s") for scheme in _CLASSES}


class BadGateway(ValueError):
    """An address in `MYPOLIS_SMS_URL` is invalid. The text says which one and why, without the password."""


def gateways() -> tuple[SmsGateway, ...]:
    """The gateways that `MYPOLIS_SMS_URL` names, the preferred one first. Raises BadGateway."""
    config = settings.MYPOLIS
    return _made(config.sms_addresses, config.sms_token, config.receipts_token, config.public_url)


def gateway_named(name: str) -> SmsGateway | None:
    """The gateway of that name, if this deployment has one."""
    return next((gateway for gateway in gateways() if gateway.name == name), None)


# Cached, so that their connections stay open.
@cache
def _made(
    urls: tuple[str, ...], token: str | None, receipts_token: str | None, public_url: str
) -> tuple[SmsGateway, ...]:
    made: dict[str, SmsGateway] = {}
    bearer = token
    for position, text in enumerate(urls, start=1):
        try:
            url = urlsplit(text)
            name = _name(url)
            if name in made:
                raise ValueError(f"is a second {name!r}; give one of them a #name of its own")
            hooks_url = f"{public_url.rstrip('/')}/hooks/sms/{name}/"
            address = Address.of(url, hooks_url=hooks_url, receipts_token=receipts_token)
            if url.scheme in _CLASSES:
                made[name] = _CLASSES[url.scheme](name, address)
            else:
                made[name] = _http(name, url, bearer, receipts_token)
                bearer = None  # the token goes to one provider only
        except ValueError as error:
            raise BadGateway(f"address {position} {error}") from None
    return tuple(made.values())


def _name(url: SplitResult) -> str:
    """The name after `#`, else the scheme's without its `s`. Raises ValueError."""
    if url.scheme not in _SCHEMES:
        raise ValueError(f"must begin with one of {', '.join(f'{scheme}://' for scheme in _SCHEMES)}")
    name = url.fragment or _SCHEMES[url.scheme]
    if not _NAME.fullmatch(name):
        raise ValueError("may be named with small letters, digits and - only")
    return name


def _http(name: str, url: SplitResult, token: str | None, receipts_token: str | None) -> HttpGateway:
    signs_in_itself = url.username is not None
    bare = url._replace(fragment="").geturl()
    return HttpGateway(name, bare, None if signs_in_itself else token, receipts_token=receipts_token)
