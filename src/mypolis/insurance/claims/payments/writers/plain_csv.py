"""A plain CSV file: UTF-8, commas, one payment in a line. `docs/guides/payments.md` describes the columns."""

import csv
import io
from typing import Final

from mypolis.insurance.claims.payments.bank_file import PaymentFile

COLUMNS: Final = ("run", "day", "reference", "amount", "currency", "name", "account_kind", "bank", "account", "text")


def write(file: PaymentFile) -> bytes:
    """The file's bytes: a header and a line for each payment, with CRLF at the end of each line (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in file.payments:
        money = (f"{one.money.amount:.2f}", one.money.currency)
        account = (one.name, one.kind, one.bank, one.number)
        writer.writerow((file.run, file.day.isoformat(), one.reference, *money, *account, one.text))
    return out.getvalue().encode()
