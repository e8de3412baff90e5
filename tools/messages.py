"""Message catalogues without the gettext programs: extract, compile and check; export and import for translators.

    python tools/messages.py extract           update the .po files from the sources
    python tools/messages.py compile           write the .mo files
    python tools/messages.py update            both
    python tools/messages.py check             exit 1 and say what is missing or stale
    python tools/messages.py export LANG       print the messages without a translation as JSON
    python tools/messages.py import LANG FILE  take {msgid: "…"} or {msgid: ["…", …]} from a JSON file

A message with a context is named "context|msgid" in the import file. Translations are never guessed from similar
messages.
"""

import argparse
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from mypolis.foundation.lib.text.cyrillic import to_cyrillic
from mypolis.foundation.lib.text.typography import tied

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "mypolis"
LOCALE = PACKAGE / "locale"
ONE_FEW_MANY = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)"
PLURALS = {"sr_Latn": ONE_FEW_MANY, "id": "nplurals=1; plural=0", "ru": ONE_FEW_MANY}
LANGUAGES = tuple(PLURALS)
# Generated catalogues: compiled from another language, including Django's own messages.
SECOND_SCRIPTS = {"sr_Cyrl": "sr_Latn"}

# The text arguments of each function, in order: c context, s singular, p plural. The functions are recognised by name.
ARGUMENTS = {"gettext": "s", "ngettext": "sp", "pgettext": "cs", "npgettext": "csp"}
FUNCTIONS = {"_": "s", "gettext_noop": "s"} | ARGUMENTS | {f"{name}_lazy": what for name, what in ARGUMENTS.items()}

TEMPLATES = (".html", ".md", ".txt")

HEADER = """\
# MyPolis: {language}. Kept in step with the sources by tools/messages.py.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals};\\n"

"""


@dataclass(frozen=True)
class Found:
    """One message in one file; `place` is relative to the package."""

    place: str
    msgid: str
    plural: str | None = None
    context: str | None = None

    @property
    def id(self) -> str | tuple[str, str]:
        """The id in a catalogue."""
        return (self.msgid, self.plural) if self.plural is not None else self.msgid


def in_python(source: str, place: str) -> Iterator[Found]:
    """Return the messages of a module. Raises ValueError for a call whose text is not a plain string."""
    for line, function, given, _comments in extract_python(io.BytesIO(source.encode()), tuple(FUNCTIONS), (), {}):
        texts = (given,) if isinstance(given, str) else tuple(given or ())
        parts = {part: text for part, text in zip(FUNCTIONS[function], texts, strict=False) if isinstance(text, str)}
        if len(parts) < len(FUNCTIONS[function]):
            raise ValueError(f"{place}:{line}: only plain strings can be translated")
        yield Found(place, parts["s"], parts.get("p"), parts.get("c"))


def in_template(source: str, place: str) -> Iterator[Found]:
    """Return the messages of a template, with the ids that Django looks up."""
    as_python = templatize(source, origin=place)
    yield from in_python("\n".join(line.lstrip() for line in as_python.splitlines()), place)


@cache
def in_package() -> tuple[Found, ...]:
    """Return every message of the package, in the order of its files."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    found: list[Found] = []
    for path in sorted(PACKAGE.rglob("*")):
        place = path.relative_to(PACKAGE).as_posix()
        if path.suffix == ".py" and "migrations" not in path.parts:
            found += in_python(path.read_text(), place)
        elif path.suffix in TEMPLATES and "templates" in path.parts:
            found += in_template(path.read_text(), place)
    return tuple(found)


def read(language: str) -> Catalog:
    """Read the .po file; an empty catalogue if there is none yet."""
    path = po_path(language)
    text = path.read_text() if path.exists() else header(language)
    return read_po(io.StringIO(text), locale=language)


def header(language: str) -> str:
    """Return the header of a .po file, without dates and names, so that it never changes."""
    return HEADER.format(language=language, plurals=PLURALS[language])


def brought_in_step(language: str) -> Catalog:
    """Return the updated catalogue: the package's messages with their existing translations."""
    now = read(language)
    wanted = read_po(io.StringIO(header(language)), locale=language)
    for found in in_package():
        known = now.get(found.msgid, found.context)
        nothing_yet = "" if found.plural is None else ("",) * now.num_plurals
        same_kind = known is not None and bool(known.pluralizable) == (found.plural is not None)
        message = wanted.add(
            found.id,
            known.string if known is not None and same_kind else nothing_yet,
            locations=[(found.place, 0)],
            flags=["python-format"] if "%(" in found.msgid else [],
            context=found.context,
        )
        message.locations = sorted(set(message.locations))
    return wanted


def as_po(language: str, catalog: Catalog) -> str:
    """Return the text of a .po file, sorted by file and without line numbers, so that changes stay small."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=True, sort_by_file=True, include_lineno=False)
    return header(language) + out.getvalue().decode().strip() + "\n"


def as_dict(catalog: Catalog) -> dict[str, list[str]]:
    """Return the forms of each finished translation by the message's name, for comparing catalogues."""
    return {name_of(message): forms_of(message) for message in catalog if message.id and is_done(message)}


def is_done(message: Message) -> bool:
    """Whether every form of a message has a translation, and the message is not marked as fuzzy."""
    return all(forms_of(message)) and not message.fuzzy


def forms_of(message: Message) -> list[str]:
    """Return the translation in all plural forms of the language, or one form for a message without a plural."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ("",))


def name_of(message: Message) -> str:
    """Return the name of a message in an import file."""
    msgid = message.id[0] if message.pluralizable else message.id
    return f"{message.context}|{msgid}" if message.context else str(msgid)


def messages(language: str) -> list[Message]:
    """Return the messages of the .po file, without its header."""
    return [message for message in read(language) if message.id]


def po_path(language: str) -> Path:
    """Return the path of the translations into a language."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def mo_path(language: str) -> Path:
    """Return the path of the compiled file, which Django reads."""
    return po_path(language).with_suffix(".mo")


def compiled(language: str) -> dict[str, list[str]] | None:
    """Read the compiled translations; None if they were never compiled."""
    if not mo_path(language).exists():
        return None
    with mo_path(language).open("rb") as file:
        catalog = read_mo(file)
    for message in catalog:
        if isinstance(message.context, bytes):  # Babel decodes everything but this
            message.context = message.context.decode()
    return as_dict(catalog)


def extract() -> None:
    """Update the .po files from the sources."""
    for language in LANGUAGES:
        _write_po(language, brought_in_step(language))


def compile_() -> None:
    """Write the .mo files."""
    for language, catalog in to_compile().items():
        for message in [message for message in catalog if message.id and not is_done(message)]:
            catalog.delete(message.id, message.context)
        if compiled(language) != as_dict(catalog):
            mo_path(language).parent.mkdir(parents=True, exist_ok=True)
            with mo_path(language).open("wb") as out:
                write_mo(out, catalog)


def to_compile() -> dict[str, Catalog]:
    """Return the contents for the .mo file of each language."""
    return {language: _as_set(language) for language in LANGUAGES} | {
        language: in_second_script(source) for language, source in SECOND_SCRIPTS.items()
    }


def _as_set(language: str) -> Catalog:
    """Return the translations as pages show them: in Russian no line may end with a one-letter word."""
    catalog = read(language)
    for message in catalog if language == "ru" else ():
        if message.id:
            forms = [tied(form) for form in forms_of(message)]
            message.string = tuple(forms) if message.pluralizable else forms[0]
    return catalog


def in_second_script(language: str) -> Catalog:
    """Transliterate the catalogue of a language, together with Django's own.

    For messages missing in "sr_Cyrl", Django shows English, not its own "sr". So we include Django's Serbian messages,
    such as the names of months.
    """
    catalog = read_po(io.StringIO(header(language)), locale=language)
    for source in (_djangos(language), read(language)):
        for message in source:
            if message.id and is_done(message):
                forms = [to_cyrillic(form) for form in forms_of(message)]
                catalog.delete(message.id, message.context)
                catalog.add(message.id, forms if message.pluralizable else forms[0], context=message.context)
    return catalog


def _djangos(language: str) -> Catalog:
    """Return Django's own messages in a language."""
    path = Path(django.__file__).parent / "conf" / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def check() -> list[str]:
    """Return one sentence for each missing or outdated translation; empty if all is well."""
    problems = [
        f"{language}: django.mo is not in step with django.po; run: make messages"
        for language, catalog in to_compile().items()
        if compiled(language) != as_dict(catalog)
    ]
    for language in LANGUAGES:
        path = po_path(language)
        if not path.exists() or path.read_text() != as_po(language, brought_in_step(language)):
            problems.append(f"{language}: django.po is not in step with the sources; run: make messages")
        problems += [
            f"{language}: no translation of {name_of(one)!r}" for one in messages(language) if not is_done(one)
        ]
    return problems


def export(language: str) -> list[dict[str, object]]:
    """Return the messages that still need a translation."""
    return [
        {
            "msgid": message.id[0] if message.pluralizable else message.id,
            "msgid_plural": message.id[1] if message.pluralizable else None,
            "context": message.context,
            "references": [place for place, _ in message.locations],
        }
        for message in messages(language)
        if not is_done(message)
    ]


def take(language: str, translations: Mapping[str, str | Sequence[str]]) -> list[str]:
    """Write translations into the .po file. Returns the names that are unknown or lack a plural form."""
    catalog, refused = read(language), []
    by_name = {name_of(message): message for message in catalog if message.id}
    for name, text in translations.items():
        message = by_name.get(name)
        if message is None or not _fits(message, text, catalog.num_plurals):
            refused.append(name)
        else:
            message.string = text if isinstance(text, str) else tuple(text)
    _write_po(language, catalog)
    return refused


def _fits(message: Message, text: str | Sequence[str], forms: int) -> bool:
    if isinstance(text, str):
        return not message.pluralizable
    return bool(message.pluralizable) and len(text) == forms


def _write_po(language: str, catalog: Catalog) -> None:
    po_path(language).parent.mkdir(parents=True, exist_ok=True)
    po_path(language).write_text(as_po(language, catalog))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("extract", "compile", "update", "check"):
        verbs.add_parser(verb)
    verbs.add_parser("export").add_argument("language", choices=LANGUAGES)
    importer = verbs.add_parser("import")
    importer.add_argument("language", choices=LANGUAGES)
    importer.add_argument("file", type=Path)
    return parser.parse_args()


def main() -> int:
    """Run the command line. Returns 1 if something is missing, outdated or refused."""
    given, problems = _arguments(), []
    match given.verb:
        case "extract":
            extract()
        case "compile":
            compile_()
        case "update":
            extract()
            compile_()
        case "check":
            problems = check()
        case "export":
            sys.stdout.write(json.dumps(export(given.language), ensure_ascii=False, indent=1) + "\n")
        case "import":
            refused = take(given.language, json.loads(given.file.read_text()))
            problems = [f"not taken: {name!r}" for name in refused]
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
