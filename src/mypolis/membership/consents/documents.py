"""The deployer's legal texts: Markdown files `legal/<document>.<language>.md` in the brand folder."""

import hashlib
from dataclasses import dataclass
from functools import cache

from django.core.exceptions import ImproperlyConfigured
from markdown_it import MarkdownIt

from mypolis.foundation.lib.text.cyrillic import WRITTEN_FROM, to_cyrillic
from mypolis.foundation.markets import market
from mypolis.foundation.web.branding.brand import brand_of


@dataclass(frozen=True, kw_only=True)
class Document:
    """One legal text in one language; `digest` is the SHA-256 of the file in hex.

    A text in a second script that has no file of its own is made from the file in the first script. It then has that
    file's digest, because both show the same text.
    """

    key: str
    language: str
    title: str
    version: str
    html: str
    digest: str


@cache
def document(market_code: str, key: str, language: str) -> Document:
    """Return a document of a market, in the market's default language if the market does not have this language.

    Raises ImproperlyConfigured with the file and what is wrong with it.
    """
    profile = market(market_code)
    spoken = language if language in profile.languages else profile.default_language
    brand = brand_of(market_code)
    file = brand.folder / "legal" / f"{key}.{spoken}.md"
    second_script = spoken in WRITTEN_FROM and not file.exists()
    if second_script:
        file = file.with_name(f"{key}.{WRITTEN_FROM[spoken]}.md")
    try:
        source = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{file}: cannot be read ({error})") from error
    title, version, body = _parts(source)
    if second_script:
        title, body = (to_cyrillic(text, keep=(brand.name, brand.short_name)) for text in (title, body))
    if not title or not version:
        raise ImproperlyConfigured(f"{file}: needs a first line '# Title' and a second 'Version: …'")
    return Document(
        key=key,
        language=spoken,
        title=title,
        version=version,
        html=MarkdownIt("commonmark", {"html": False}).render(body),
        digest=hashlib.sha256(source.encode()).hexdigest(),
    )


def _parts(source: str) -> tuple[str, str, str]:
    """Return title, version and body of a file; a title or version that is missing is ""."""
    first, _newline, rest = source.lstrip("\ufeff").partition("\n")
    second, _newline, body = rest.partition("\n")
    title = first.removeprefix("# ").strip() if first.startswith("# ") else ""
    version = second.removeprefix("Version:").strip() if second.startswith("Version:") else ""
    return title, version, body
