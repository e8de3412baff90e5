"""ISO 20022, pain.001.001.09: customer credit transfers. Banks take parts of it; ask yours before using it.

Source: the message's schema. One `PmtInf` for each currency, because it has one account of the payer.
"""

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from mypolis.foundation.markets.bank_profile import Payer
from mypolis.insurance.claims.payments.bank_file import BankPayment, PaymentFile

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"


def write(file: PaymentFile) -> bytes:
    """The file's bytes: XML in UTF-8. Its time is the beginning of the run's day, so that it is always the same.

    Raises ValueError if the profile names no payer.
    """
    if file.payer is None:
        raise ValueError("pain.001 needs the insurer's own account: set payer")
    document = Element("Document", xmlns=NAMESPACE)
    message = SubElement(document, "CstmrCdtTrfInitn")
    header = SubElement(message, "GrpHdr")
    _text(header, "MsgId", file.run)
    _text(header, "CreDtTm", f"{file.day.isoformat()}T00:00:00")
    _sums(header, file.payments)
    _text(SubElement(header, "InitgPty"), "Nm", file.payer.name)
    in_order = sorted(file.payments, key=lambda one: one.money.currency)  # stable: the run's order in each currency
    for currency, payments in groupby(in_order, key=lambda one: one.money.currency):
        _add_payments(message, file, file.payer, currency, tuple(payments))
    return bytes(ElementTree.tostring(document, encoding="UTF-8", xml_declaration=True))


def _add_payments(
    message: Element, file: PaymentFile, payer: Payer, currency: str, payments: tuple[BankPayment, ...]
) -> None:
    info = SubElement(message, "PmtInf")
    _text(info, "PmtInfId", f"{file.run}-{currency}")
    _text(info, "PmtMtd", "TRF")
    _sums(info, payments)
    _text(SubElement(info, "ReqdExctnDt"), "Dt", file.day.isoformat())
    _text(SubElement(info, "Dbtr"), "Nm", payer.name)
    _account(info, "DbtrAcct", payer.number, is_iban=payer.number[:2].isalpha())
    institution = SubElement(SubElement(info, "DbtrAgt"), "FinInstnId")
    if payer.bic:
        _text(institution, "BICFI", payer.bic)
    else:
        _text(SubElement(institution, "Othr"), "Id", "NOTPROVIDED")
    for one in payments:
        _transfer(info, one)


def _transfer(info: Element, one: BankPayment) -> None:
    transfer = SubElement(info, "CdtTrfTxInf")
    _text(SubElement(transfer, "PmtId"), "EndToEndId", one.reference)
    amount = SubElement(SubElement(transfer, "Amt"), "InstdAmt", Ccy=one.money.currency)
    amount.text = f"{one.money.amount:.2f}"
    if one.bank:
        institution = SubElement(SubElement(transfer, "CdtrAgt"), "FinInstnId")
        _text(SubElement(institution, "ClrSysMmbId"), "MmbId", one.bank)
    _text(SubElement(transfer, "Cdtr"), "Nm", one.name)
    _account(transfer, "CdtrAcct", one.number, is_iban=one.kind == "iban")
    _text(SubElement(transfer, "RmtInf"), "Ustrd", one.text)


def _account(parent: Element, tag: str, number: str, *, is_iban: bool) -> None:
    found = SubElement(SubElement(parent, tag), "Id")
    if is_iban:
        _text(found, "IBAN", number)
    else:
        _text(SubElement(found, "Othr"), "Id", number)


def _sums(parent: Element, payments: Iterable[BankPayment]) -> None:
    amounts = [one.money.amount for one in payments]
    _text(parent, "NbOfTxs", str(len(amounts)))
    _text(parent, "CtrlSum", f"{sum(amounts, Decimal(0)):.2f}")


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text
