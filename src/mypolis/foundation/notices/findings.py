"""For `mypolis check`: whether every message renders in every language, and whether the gateways are configured."""

import re
from collections.abc import Iterator

from django.conf import settings

from mypolis.foundation.markets import all_markets
from mypolis.foundation.markets.profile import Channel
from mypolis.foundation.notices.catalogue import Template, catalogue
from mypolis.foundation.notices.gateways import EmailGateway
from mypolis.foundation.notices.rendering import portal_host, render_email, render_sms
from mypolis.foundation.notices.sms.configured_gateways import BadGateway, gateways
from mypolis.foundation.notices.sms.sms_length import segments

MOST_SEGMENTS = 2
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,}")


def findings(_profiles: object) -> list[str]:
    """The problems of messages and gateways."""
    return [*lint_templates(), *lint_gateways()]


def lint_templates() -> list[str]:
    """The problems of templates, one sentence each with its place; empty when there are none."""
    return [
        f"{template.name} ({channel}, {market}, {language}): {problem}"
        for market, profile in all_markets().items()
        for language in profile.languages
        for template in catalogue().values()
        for channel in sorted(template.channels)
        for problem in _problems(market, language, template, channel)
    ]


def lint_gateways() -> list[str]:
    """The gateway addresses that are invalid, by the name of the setting; empty when there are none."""
    config, problems = settings.MYPOLIS, []
    try:
        EmailGateway(config.smtp_url)
    except ValueError as error:
        problems.append(f"MYPOLIS_SMTP_URL: {error}")
    try:
        gateways()
    except BadGateway as error:
        problems.append(f"MYPOLIS_SMS_URL: {error}")
    for name in ("receipts_token", "bounces_token"):
        token = getattr(config, name)
        if token is not None and not _TOKEN.fullmatch(token):
            problems.append(f"MYPOLIS_{name.upper()}: must be 20 characters or more: letters, digits, - and _")
    return problems


def _problems(market: str, language: str, template: Template, channel: Channel) -> Iterator[str]:
    try:
        if channel == "sms":
            yield from _problems_of_sms(template, render_sms(market, language, template.name, template.sample))
        else:
            yield from _problems_of_email(market, language, template)
    except Exception as error:
        yield f"cannot be rendered: {type(error).__name__}: {error}"


def _problems_of_email(market: str, language: str, template: Template) -> Iterator[str]:
    email = render_email(market, language, template.name, template.sample)
    if not 5 <= len(email.subject) <= 100:
        yield f"the subject has {len(email.subject)} characters; it needs 5 to 100"
    for key, value in template.sample.items():
        if key not in ("purpose", "when", "day") and str(value) not in email.text:
            yield f"does not say {{{{ {key} }}}}"


def _problems_of_sms(template: Template, text: str) -> Iterator[str]:
    if segments(text) > MOST_SEGMENTS:
        yield f"takes {segments(text)} SMS; at most {MOST_SEGMENTS} are allowed: shorten short_name in brand.toml"
    code = template.sample.get("code")
    if code and text.splitlines()[-1] != f"@{portal_host()} #{code}":
        yield f"the last line must be @{portal_host()} #<code>, or browsers cannot fill the code in"
