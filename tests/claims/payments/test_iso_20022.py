"""Files in pain.001.001.09 fit the schema of ISO 20022, and say what was given to the writer."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sepaxml
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.money import Money
from mypolis.foundation.markets import market
from mypolis.foundation.markets.bank_profile import BankProfile, Payer
from mypolis.insurance.claims.payments.bank_file import BankPayment, PaymentFile, render, written_for
from mypolis.insurance.claims.payments.findings import findings
from mypolis.insurance.claims.payments.writers.iso_20022 import NAMESPACE
from tests.claims.payments.test_bank_file import NAMES, PAYMENT

WRITER = "mypolis.insurance.claims.payments.writers.iso_20022.write"
BANK = BankProfile(
    writer=WRITER, ending="xml", payer=Payer(name="Insurer d.d.", number="DE75512108001245126199", bic="COBADEFFXXX")
)
SCHEMA = xmlschema.XMLSchema(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd")
IBAN = replace(PAYMENT, kind="iban", bank="", number="RS35160000012345678956", money=Money(Decimal("7.5"), "EUR"))


def written(*payments: BankPayment, bank: BankProfile = BANK) -> bytes:
    return render(bank, PaymentFile(run="P-2026-000001", day=date(2026, 11, 30), payments=payments))


def texts(document: bytes, path: str) -> list[str]:
    """The texts of all elements at a path below the message."""
    steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in ("CstmrCdtTrfInitn", *path.split("/")))
    return [one.text or "" for one in ElementTree.fromstring(document).findall(steps)]


def test_a_profile_without_the_insurers_account_is_found_before_anybody_pays() -> None:
    with pytest.raises(ValueError, match="set payer"):
        written(PAYMENT, bank=replace(BANK, payer=None))
    profile = replace(market("id"), claims=replace(market("id").claims, bank=BankProfile(writer=WRITER)))
    assert list(findings([profile])) == ["id: claims.bank: pain.001 needs the insurer's own account: set payer"]


def test_ibans_and_other_accounts_with_and_without_a_bank_fit_the_schema() -> None:
    local = replace(BANK, payer=Payer(name="Insurer", number="160000000000123456"))
    for bank in (BANK, local):
        assert SCHEMA.is_valid(written(PAYMENT, IBAN, replace(PAYMENT, kind="ru", bank="044525225"), bank=bank))


def test_what_breaks_the_schema_would_be_noticed() -> None:
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        SCHEMA.validate(written(replace(PAYMENT, reference="C" * 36)))


def test_each_currency_has_sums_of_its_own() -> None:
    document = written(PAYMENT, IBAN, replace(PAYMENT, reference="C-2026-000124-1-1"))
    assert texts(document, "PmtInf/PmtInfId") == ["P-2026-000001-EUR", "P-2026-000001-IDR"]
    assert texts(document, "PmtInf/CtrlSum") == ["7.50", "300.00"]
    assert texts(document, "GrpHdr/NbOfTxs") == ["3"]


@given(names=st.lists(NAMES.filter(lambda one: one == one.strip()), min_size=1, max_size=4))
def test_any_name_that_the_bank_takes_fits_the_schema_and_can_be_read_back(names: list[str]) -> None:
    payments = tuple(written_for(BANK, replace(PAYMENT, name=name)) for name in names)
    document = written(*payments)
    SCHEMA.validate(document)
    assert document == written(*payments)
    assert texts(document, "PmtInf/CdtTrfTxInf/Cdtr/Nm") == names
