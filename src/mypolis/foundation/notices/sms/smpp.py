"""SMPP 3.4, the protocol of operators' SMS centres. Chooses the alphabet and splits the text into segments.

`smpp_link.py` holds the connection. Source of the numbers: SMPP v3.4, issue 1.2, sections 5.1.3 and 5.2.
"""

import secrets
from functools import partial

from smpplib import consts

from mypolis.foundation.notices.gateways import DeliveryFailed, Sms
from mypolis.foundation.notices.sms.gateway import Address, Forged, Receipt, Report
from mypolis.foundation.notices.sms.smpp_link import Link, Refused
from mypolis.foundation.notices.sms.smpp_receipts import take_in
from mypolis.foundation.notices.sms.sms_length import pieces

PORT = 2_775
# Errors of this message: its length, its recipient; or the centre itself reports a permanent error.
_NEVER = frozenset(
    {
        consts.SMPP_ESME_RINVMSGLEN,
        consts.SMPP_ESME_RINVDSTADR,
        consts.SMPP_ESME_RINVDSTTON,
        consts.SMPP_ESME_RINVDSTNPI,
        consts.SMPP_ESME_RX_P_APPN,
        consts.SMPP_ESME_RX_R_APPN,
    }
)
_GSM, _UCS2 = consts.SMPP_ENCODING_DEFAULT, consts.SMPP_ENCODING_ISO10646
_SHORT_NUMBER = 8


class SmppGateway:
    """`smpp://system_id:password@host:2775`, or `smpps://` over TLS. A centre does not deduplicate by our id."""

    takes_an_id_once = False

    def __init__(self, name: str, address: Address) -> None:
        if not address.user:
            raise ValueError("needs smpp[s]://system_id:password@host:port")
        self.name = name
        self._link = Link(
            host=address.host,
            port=address.port or PORT,
            tls=address.scheme == "smpps",
            system_id=address.user,
            password=address.password,
            on_deliver=partial(take_in, name),
        )

    def send(self, sms: Sms) -> str:
        """Submit every segment; return the centre's id of the last, which requests a receipt. Raises DeliveryFailed."""
        text = pieces(sms.text)
        headers = _headers(len(text.parts))
        message_id = ""
        for number, (header, part) in enumerate(zip(headers, text.parts, strict=True), start=1):
            is_last = number == len(text.parts)
            try:
                message_id = self._link.submit(
                    **_sender(sms.sender),
                    dest_addr_ton=consts.SMPP_TON_INTL,
                    dest_addr_npi=consts.SMPP_NPI_ISDN,
                    destination_addr=sms.to.removeprefix("+"),
                    esm_class=consts.SMPP_GSMFEAT_UDHI if header else 0,
                    data_coding=_GSM if text.is_gsm else _UCS2,
                    registered_delivery=1 if is_last else 0,
                    short_message=header + part,
                )
            except Refused as refusal:
                raise _failure(refusal.status, begun=number > 1) from None
        return message_id

    def hang_up(self) -> None:
        """Close the connection; the next message opens a new one."""
        self._link.close()

    @property
    def is_idle(self) -> bool:
        """Whether there is no open connection."""
        return not self._link.is_open

    def receipt(self, report: Report) -> Receipt | None:
        """Always None: receipts come over the SMPP connection, not by HTTP."""
        raise Forged


def _headers(count: int) -> list[bytes]:
    """Headers by which the phone joins the segments (3GPP 23.040, 9.2.3.24.1); empty for a single segment."""
    if count == 1:
        return [b""]
    reference = secrets.randbelow(256)
    return [bytes((5, 0, 3, reference, count, number)) for number in range(1, count + 1)]


def _sender(sender: str) -> dict[str, int | str]:
    digits = sender.removeprefix("+")
    if not digits.isdigit():
        ton, npi = consts.SMPP_TON_ALNUM, consts.SMPP_NPI_UNK
    elif len(digits) <= _SHORT_NUMBER:
        ton, npi = consts.SMPP_TON_NWSPEC, consts.SMPP_NPI_UNK
    else:
        ton, npi = consts.SMPP_TON_INTL, consts.SMPP_NPI_ISDN
    return {"source_addr_ton": ton, "source_addr_npi": npi, "source_addr": digits}


def _failure(status: int, *, begun: bool) -> DeliveryFailed:
    """`begun`: earlier segments were already sent, so that a retry would show them twice."""
    return DeliveryFailed(f"smpp {status:#x}", permanent=status in _NEVER and not begun, unsure=begun)
