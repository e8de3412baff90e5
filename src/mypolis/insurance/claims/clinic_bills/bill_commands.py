"""`mypolis claims bill`. Imported before Django is set up."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named

if TYPE_CHECKING:
    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_bill_parser(commands: "Subparsers") -> None:
    """Add `bill` to `mypolis claims`; its `run(arguments)` returns the exit code."""
    billing = commands.add_parser(
        "bill",
        help="record a bill that a clinic sent directly",
        description="Record a bill that a clinic sent directly, as a claim that the member sees, and ask whose it was.",
        epilog="Example: mypolis claims bill bill.json --market id --by staff:olga",
    )
    billing.add_argument("file", type=Path, metavar="FILE", help="the bill as JSON, as partners send it")
    billing.add_argument("--market", required=True, metavar="CODE", help="market of the member, such as id")
    billing.add_argument("--json", action="store_true", help="print the result as JSON")
    add_by(billing)
    billing.set_defaults(run=_bill)


def _bill(arguments: argparse.Namespace) -> int:
    """Returns 1 if the bill was not recorded, 2 if there is no such market."""
    from mypolis.foundation.lib.text.clean_text import UnsafeText  # noqa: PLC0415 - needs Django set up
    from mypolis.insurance.claims.as_json.reading import Refused  # noqa: PLC0415
    from mypolis.insurance.claims.core_system.clinic_bills import take_bill  # noqa: PLC0415
    from mypolis.insurance.claims.core_system.message_reader import UnreadableMessage, read_message  # noqa: PLC0415
    from mypolis.insurance.claims.core_system.schemas import ClinicBillBody  # noqa: PLC0415
    from mypolis.insurance.claims.lifecycle.deciding import IdReused  # noqa: PLC0415

    profile = profile_named(arguments)
    if profile is None:
        return 2
    try:
        body = read_message(ClinicBillBody, arguments.file.read_text(encoding="utf-8"))
        claim = take_bill(profile=profile, body=body, by=arguments.by)
    except (OSError, UnicodeDecodeError, UnreadableMessage) as error:
        return _failed(str(error))
    except Refused as error:
        return _failed("; ".join(f"{field}: {sentence}" for field, _code, sentence in error.errors))
    except UnsafeText:
        return _failed("a text has characters that cannot be stored")
    except IdReused:
        return _failed("this id was used before, with other content")
    result = {"number": claim.number, "id": body.id}
    sys.stdout.write(json.dumps(result) + "\n" if arguments.json else f"{body.id}: {claim.number}\n")
    return 0


def _failed(text: str) -> int:
    sys.stderr.write(f"mypolis: {text}\n")
    return 1
