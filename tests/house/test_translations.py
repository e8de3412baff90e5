"""Every sentence in every language: there, whole, in its own letters."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from tests.house.places import assert_none
from tools import messages

LANGUAGES = messages.LANGUAGES
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?\d*[a-z]|%[sd]|\{\w*\}")
CYRILLIC = re.compile(r"[а-яёА-ЯЁ]")
SERBIAN_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
LETTER = re.compile(r"[^\W\d_]")
SAME_IN = {
    "sr_Latn": {"JMBG", "E-mail", "mail", "Inbox", "Online"},
    "id": {"Email", "Group", "Serbia", "Online", "Indonesia", "Data", "Status", "Menu", "Username", "Password"},
    "ru": set[str](),
}


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_catalogue_is_in_step_with_the_sources(language: str) -> None:
    in_step = messages.po_path(language).read_text() == messages.as_po(language, messages.brought_in_step(language))
    assert in_step, "run: make messages"


def test_the_compiled_catalogue_is_in_step(language: str) -> None:
    in_step = messages.compiled(language) == messages.as_dict(messages.read(language))
    assert in_step, "run: make messages"


def test_nothing_waits_for_a_translation(language: str) -> None:
    waiting = [messages.name_of(one) for one in messages.messages(language) if not messages.is_done(one)]
    assert_none(waiting)


def test_every_translation_keeps_its_placeholders(language: str) -> None:
    lost = [form for one in _done(language) for form in messages.forms_of(one) if not _keeps(form, one)]
    assert_none(lost)


def test_every_translation_keeps_the_space_around_it(language: str) -> None:
    assert_none(form for source, form in _pairs(language) if _edges(source) != _edges(form))


def test_no_translation_is_the_english_sentence(language: str) -> None:
    same = [form for source, form in _pairs(language) if form == source and _words(form) - SAME_IN[language]]
    assert_none(same)


def test_russian_is_written_in_cyrillic() -> None:
    for _, form in _pairs("ru"):
        letters = LETTER.findall(PLACEHOLDER.sub("", form))
        assert not letters or len(CYRILLIC.findall(form)) > len(letters) / 2, form


def test_serbian_and_indonesian_are_written_in_latin() -> None:
    cyrillic = [form for one in ("sr_Latn", "id") for _, form in _pairs(one) if SERBIAN_CYRILLIC.search(form)]
    assert_none(cyrillic)


def _done(language: str) -> list[Message]:
    return [one for one in messages.messages(language) if messages.is_done(one)]


def _pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each form of each translation with the English that it stands for."""
    for one in _done(language):
        source = one.id[-1] if one.pluralizable else one.id
        for form in messages.forms_of(one):
            yield str(source), form


def _keeps(form: str, one: Message) -> bool:
    """A plural form may not drop the number either: in Russian and Serbian the first form also serves 21."""
    source = one.id[-1] if one.pluralizable else one.id
    return sorted(PLACEHOLDER.findall(form)) == sorted(PLACEHOLDER.findall(str(source)))


def _edges(text: str) -> tuple[str, str]:
    bare = text.strip()
    return text[: text.index(bare)], text[text.index(bare) + len(bare) :]


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*", PLACEHOLDER.sub("", text)))
