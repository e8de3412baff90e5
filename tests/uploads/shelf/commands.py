import argparse
import json
import sys
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Add `shelf`."""
    subparsers.add_parser("shelf").set_defaults(run=_open, needs="tables")


def _open(_arguments: argparse.Namespace) -> int:
    """Sign a member in; make one if there is none."""
    from mypolis.foundation.events import Actor  # noqa: PLC0415 - needs Django set up
    from mypolis.membership.accounts.sessions.devices import sign_in  # noqa: PLC0415
    from tests.family.home import account, aged, person  # noqa: PLC0415

    member = account(person("Shelf", aged(44)))
    grant = sign_in(account=member, known=None, by=Actor("stranger", "", "127.0.0.1", "test"))
    sys.stdout.write(json.dumps({"account": member.pk, "token": grant.access_token}) + "\n")
    return 0
