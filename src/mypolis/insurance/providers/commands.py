"""`mypolis providers load|list|token|revoke`. Imported before Django is set up."""

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mypolis.foundation.events.by_option import add_by
from mypolis.foundation.markets.operator_input import profile_named
from mypolis.foundation.program_tokens.command_line import (
    add_command,
    add_may_and_days,
    add_number,
    are_rights,
    failed,
    line_of,
    row_of,
)
from mypolis.insurance.providers.rights import provider_rights

if TYPE_CHECKING:
    from mypolis.foundation.markets import Profile
    from mypolis.insurance.providers.models import Provider

    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: "Subparsers") -> None:
    """Add `providers` to the command line; each command's `run(arguments)` returns the exit code."""
    providers = subparsers.add_parser("providers", help="load providers of care, and manage their programs' tokens")
    commands = providers.add_subparsers(dest="providers_command", required=True, metavar="COMMAND")

    does = "load a list of providers (CSV: code, name, networks, active)"
    loading = add_command(commands, "load", _load, does, "providers load list.csv")
    loading.add_argument("file", type=Path, metavar="FILE", help="the list; providers that it leaves out stay")
    add_command(commands, "list", _list, "show the providers of a market with their tokens", "providers list")
    does = "issue a provider's token and print it, only this once"
    issuing = add_command(commands, "token", _token, does, "providers token KM-01")
    issuing.add_argument("code", metavar="CODE", help="the provider's code")
    add_may_and_days(issuing, provider_rights(), default="all of these")
    ending = add_command(commands, "revoke", _revoke, "end a token at once", "providers revoke 12")
    add_number(ending)
    for command in (loading, issuing, ending):
        add_by(command)


def _load(arguments: argparse.Namespace) -> int:
    from mypolis.insurance.providers.flows import load_providers  # noqa: PLC0415 - needs Django set up
    from mypolis.insurance.providers.provider_file import UnreadableProviders, read_providers  # noqa: PLC0415

    profile = profile_named(arguments)
    if profile is None:
        return 2
    try:
        rows = read_providers(arguments.file)
    except OSError as error:
        return failed(str(error))
    except UnreadableProviders as error:
        return failed(*error.problems[:100])
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
    rights = arguments.may or list(provider_rights())
    if profile is None or not are_rights(rights, provider_rights()):
        return 2
    provider = Provider.objects.filter(market=profile.code, code__iexact=arguments.code, is_active=True).first()
    if provider is None:
        return failed("this market has no such active provider")
    token, text = issue_token(provider=provider, may=rights, life=timedelta(days=arguments.days), by=arguments.by)
    about = row_of(token, profile)
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
    return 0 if ended else failed("this market has no such active token")


def _row(provider: "Provider", profile: "Profile") -> dict[str, Any]:
    about = {name: getattr(provider, name) for name in ("code", "name", "networks", "is_active")}
    tokens = sorted(provider.tokens.all(), key=lambda token: -token.pk)
    return {**about, "tokens": [row_of(token, profile) for token in tokens]}


def _lines(row: dict[str, Any]) -> str:
    notes = [*row["networks"], *([] if row["is_active"] else ["not active"])]
    head = f"{row['code']}  {row['name']}" + (f"  ({', '.join(notes)})" if notes else "")
    return "\n".join([head, *(f"    {_token_line(token)}" for token in row["tokens"])])


def _token_line(row: dict[str, Any]) -> str:
    return f"token {row['id']}  {line_of(row)}"
