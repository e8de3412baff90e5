"""`mypolis providers load|list|token|revoke`. Imported before Django is set up."""

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named
from mypolis.insurance.providers.rights import LONGEST_LIFE, provider_rights

if TYPE_CHECKING:
    from mypolis.foundation.markets import Profile
    from mypolis.insurance.providers.models import Provider, ProviderToken

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: "Subparsers") -> None:
    """Add `providers` to the command line; each command's `run(arguments)` returns the exit code."""
    providers = subparsers.add_parser("providers", help="load providers of care, and manage their programs' tokens")
    commands = providers.add_subparsers(dest="providers_command", required=True, metavar="COMMAND")

    loading = _add(commands, "load", _load, "load a list of providers (CSV: code, name, networks, active)", "list.csv")
    loading.add_argument("file", type=Path, metavar="FILE", help="the list; providers that it leaves out stay")
    _add(commands, "list", _list, "show the providers of a market with their tokens", "")
    issuing = _add(commands, "token", _token, "issue a provider's token and print it, only this once", "KM-01")
    issuing.add_argument("code", metavar="CODE", help="the provider's code")
    rights = "; ".join(f"{right}: {does}" for right, does in provider_rights().items())
    issuing.add_argument("--may", action="append", metavar="WHAT", help=f"{rights} (default: all of these)")
    issuing.add_argument("--days", type=_days, default=365, metavar="N", help="days until it expires (%(default)s)")
    ending = _add(commands, "revoke", _revoke, "end a token at once", "12")
    ending.add_argument("id", type=int, metavar="ID", help="the token's number, as `list` shows it")
    for command in (loading, issuing, ending):
        add_by(command)


def _add(commands: "Subparsers", name: str, run: Any, does: str, example: str) -> argparse.ArgumentParser:
    epilog = f"Example: mypolis providers {name} {example} --market id".replace("  ", " ")
    command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.", epilog=epilog)
    command.add_argument("--market", required=True, metavar="MARKET", help="market that it is for, such as id")
    command.add_argument("--json", action="store_true", help="print the result as JSON")
    command.set_defaults(run=run)
    return command


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LONGEST_LIFE.days:
        raise argparse.ArgumentTypeError(f"a whole number of days from 1 to {LONGEST_LIFE.days}")
    return int(text)


def _load(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.providers.flows import load_providers  # noqa: PLC0415 - needs Django set up
    from mypolis.insurance.providers.provider_file import UnreadableProviders, read_providers  # noqa: PLC0415

    profile = profile_named(arguments)
    if profile is None:
        return 2
    try:
        rows = read_providers(arguments.file)
    except OSError as error:
        return _failed(str(error))
    except UnreadableProviders as error:
        return _failed(*error.problems[:100])
    report = load_providers(market=profile.code, rows=rows, by=arguments.by)
    if arguments.json:
        sys.stdout.write(json.dumps(vars(report)) + "\n")
    else:
        sys.stdout.write(f"{report.new} new, {report.changed} changed, {report.unchanged} as before\n")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.providers.models import Provider  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    providers = Provider.objects.filter(market=profile.code).order_by("code").prefetch_related("tokens")
    rows = [_row(provider, profile) for provider in providers]
    if arguments.json:
        sys.stdout.write(json.dumps({"providers": rows}) + "\n")
    else:
        sys.stdout.write("".join(f"{_lines(row)}\n" for row in rows) or "This market has no providers.\n")
    return 0


def _token(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.providers.flows import issue_token  # noqa: PLC0415 - needs Django set up
    from mypolis.insurance.providers.models import Provider  # noqa: PLC0415

    profile = profile_named(arguments)
    if profile is None:
        return 2
    rights = arguments.may or list(provider_rights())
    if set(rights) - provider_rights().keys():
        sys.stderr.write(f"mypolis: --may must be one of: {', '.join(provider_rights())}\n")
        return 2
    provider = Provider.objects.filter(market=profile.code, code__iexact=arguments.code, is_active=True).first()
    if provider is None:
        return _failed("this market has no such active provider")
    token, text = issue_token(provider=provider, may=rights, life=timedelta(days=arguments.days), by=arguments.by)
    about = _token_row(token, profile)
    if arguments.json:
        sys.stdout.write(json.dumps({**about, "provider": provider.code, "token": text}) + "\n")
    else:
        sys.stdout.write(f"{text}\n")
        sys.stderr.write(f"{provider.code}: {_token_line(about)}\nThe token is not shown again.\n")
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.providers.flows import end_token  # noqa: PLC0415 - needs Django set up

    profile = profile_named(arguments)
    if profile is None:
        return 2
    ended = end_token(market=profile.code, token_id=arguments.id, by=arguments.by)
    if arguments.json:
        sys.stdout.write(json.dumps({"ended": ended}) + "\n")
    return 0 if ended else _failed("this market has no such active token")


def _failed(*problems: str) -> int:
    sys.stderr.write("".join(f"mypolis: {one}\n" for one in problems))
    return 1


def _row(provider: "Provider", profile: "Profile") -> dict[str, Any]:
    about = {name: getattr(provider, name) for name in ("code", "name", "networks", "is_active")}
    tokens = sorted(provider.tokens.all(), key=lambda token: -token.pk)
    return {**about, "tokens": [_token_row(token, profile) for token in tokens]}


def _token_row(token: "ProviderToken", profile: "Profile") -> dict[str, Any]:
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    def local(moment: Any) -> str | None:
        return timezone.localtime(moment, profile.zone).isoformat(timespec="minutes") if moment else None

    state = "active" if token.is_active(timezone.now()) else "ended"
    times = {name: local(getattr(token, name)) for name in ("issued_at", "ends_at", "ended_at", "last_used_at")}
    return {"id": token.pk, "may": token.may, "state": state, **times}


def _lines(row: dict[str, Any]) -> str:
    notes = [*row["networks"], *([] if row["is_active"] else ["not active"])]
    head = f"{row['code']}  {row['name']}" + (f"  ({', '.join(notes)})" if notes else "")
    return "\n".join([head, *(f"    {_token_line(token)}" for token in row["tokens"])])


def _token_line(row: dict[str, Any]) -> str:
    used = f"last used {row['last_used_at']}" if row["last_used_at"] else "not used yet"
    until = row["ended_at"] or row["ends_at"]
    return f"token {row['id']}  {row['state']}, until {until}  may: {', '.join(row['may'])}  {used}"
