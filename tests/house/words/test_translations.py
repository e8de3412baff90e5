"""Every text in every language: present, complete, in the right letters, with the language's typography."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from mypolis.foundation.lib.text.cyrillic import to_cyrillic
from tests.house.places import assert_none
from tools import messages

LANGUAGES = messages.LANGUAGES
EVERY = ("en", *LANGUAGES, *messages.SECOND_SCRIPTS)
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?\d*[a-z]|%[sd]|\{\w*\}")
DAY = re.compile(r"%\((?:day|start|end|paid_from|last_day)\)s")
ENDS_WITH_DAY = re.compile(rf"{DAY.pattern}$")
DAY_ENDS_WITH_STOP = ("sr_Latn", "ru")
CYRILLIC = re.compile(r"[Ѐ-ӿ]")
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")
# Latin words that Russian and Serbian Cyrillic texts may contain.
LATIN_WORDS = {
    *("WebP", "HEIC", "SHA", "IBAN", "PIN"),
    *("reference", "state", "date", "code", "paid", "failed"),  # of the file with the bank's results
    *("staff", "claims", "claim", "events", "sealed", "IP"),  # names in the trail of events
    *("XLSX", "CSV", "UTF", "JSON", "API", "JMBG", "SMS", "E", "mail", "name", "example", "com", "cookie", "s"),
    *(
        "Chrome",
        "Edge",
        "Firefox",
        "Safari",
        "Android",
        "iPhone",
        "iPad",
        "employee",
        "spouse",
        "child",
        "parent",
        "policyholder",
        "other",
    ),
    *("Google", "QR", "PDF", "JPEG", "PNG", "MB"),
    *("YAML", "id", "amount", "count", "days", "unit", "use", "release", "reserve", "reverse"),  # of files
}
QUOTES = {"en": "“”", "sr_Latn": "„“", "sr_Cyrl": "„“", "id": "“”", "ru": "«»"}
ANY_QUOTE = re.compile('["„“”«»‹›‚‘]')
SAME_IN = {
    "sr_Latn": {"JMBG", "mail", "Agent", "Administrator", "Limit", "Period"},
    "id": {
        *("Email", "Group", "Serbia", "Indonesia", "Username", "Password", "Plan", "April", "September", "November"),
        *("Operator", "Editor", "Auditor", "Administrator", "Passkey", "Audit", "File"),
    },
    "ru": set[str](),
}


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_catalogue_is_in_step_with_the_sources(language: str) -> None:
    in_step = messages.po_path(language).read_text() == messages.as_po(language, messages.brought_in_step(language))
    assert in_step, "run: make messages"


def test_the_compiled_catalogue_is_in_step(language: str) -> None:
    in_step = messages.compiled(language) == messages.as_dict(messages.to_compile()[language])
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
    cyrillic = [form for one in ("sr_Latn", "id") for _, form in _pairs(one) if CYRILLIC.search(form)]
    assert_none(cyrillic)


def test_no_word_mixes_the_letters_of_two_scripts() -> None:
    """A Latin "c" in a Russian word looks right, but a search does not find the word."""
    mixed = [
        word
        for language in EVERY
        for _, form in _texts(language)
        for word in WORD.findall(PLACEHOLDER.sub(" ", form))
        if CYRILLIC.search(word) and re.search("[a-zA-ZčćđšžČĆĐŠŽ]", word)
    ]
    assert_none(mixed)


@pytest.mark.parametrize("language", ["ru", "sr_Cyrl"])
def test_latin_words_in_cyrillic_texts_are_the_few_that_belong_there(language: str) -> None:
    found = {
        word
        for _, form in _texts(language)
        for word in WORD.findall(PLACEHOLDER.sub(" ", form))
        if not CYRILLIC.search(word)
    }
    assert_none(found - LATIN_WORDS)


@pytest.mark.parametrize("language", EVERY)
def test_quotation_marks_are_those_of_the_language(language: str) -> None:
    opening, closing = QUOTES[language]
    wrong = [
        form
        for _, form in _texts(language)
        if not re.fullmatch(
            f"[^{opening}{closing}]*({opening}[^{opening}{closing}]+{closing}[^{opening}{closing}]*)*", form
        )
        or set(ANY_QUOTE.findall(form)) - {opening, closing}
        or "'" in form
    ]
    assert_none(wrong)


@pytest.mark.parametrize("language", EVERY)
def test_signs_are_set_as_in_print(language: str) -> None:
    """Single spaces, none before punctuation, the ellipsis character, no hyphen instead of a dash."""
    careless = re.compile(r"(?<=\S) {2,}| [,.;:!?](?=\s|$)|\.\.\.| - |\s$|[!?]{2,}|,,")
    assert_none(form for _, form in _texts(language) if careless.search(form))


def test_every_translation_ends_as_the_source_does(language: str) -> None:
    ends = re.compile(r"[.:?!…;,]?$")
    wrong = (form for source, form in _pairs(language) if ends.findall(source)[0] != ends.findall(form)[0])
    assert_none(form for form in wrong if language not in DAY_ENDS_WITH_STOP or not ENDS_WITH_DAY.search(form))


@pytest.mark.parametrize("language", DAY_ENDS_WITH_STOP)
def test_no_second_full_stop_follows_a_day_that_ends_with_one(language: str) -> None:
    """14.12.2026. and 14 декабря 2026 г. end a sentence without another full stop."""
    assert_none(form for _, form in _pairs(language) if re.search(rf"{DAY.pattern}\.", form))


@pytest.mark.parametrize(
    ("language", "rude"),
    [
        ("sr_Latn", r"\b(vi|vas|vam|vama|vaš\w*|tebe|tvoj\w*)\b"),
        ("ru", r"(?<=[а-яё,] )(Вы|Вас|Вам|Вами|Ваш\w*)\b|\b([Тт]ы|[Тт]ебя|[Тт]ебе|[Тт]во[йяёи]\w*)\b"),
        ("id", r"\b([Kk]amu|[Kk]au|anda|[Ll]u)\b"),
    ],
)
def test_people_are_addressed_politely(language: str, rude: str) -> None:
    """Vi and Anda with a capital letter, вы with a small letter; never ti, kamu, ты."""
    assert_none(form for _, form in _pairs(language) if re.search(rude, form))


def test_the_second_script_says_all_that_the_first_one_says() -> None:
    for language, source in messages.SECOND_SCRIPTS.items():
        in_step = messages.compiled(language) == messages.as_dict(messages.in_second_script(source))
        assert in_step, "run: make messages"
        assert {messages.name_of(one) for one in _done(source)} <= set(messages.compiled(language) or {})


def _done(language: str) -> list[Message]:
    return [one for one in messages.messages(language) if messages.is_done(one)]


def _pairs(language: str) -> Iterator[tuple[str, str]]:
    """Yield each form of each translation with its English text."""
    for one in _done(language):
        source = one.id[-1] if one.pluralizable else one.id
        for form in messages.forms_of(one):
            yield str(source), form


def _texts(language: str) -> Iterator[tuple[str, str]]:
    """Like `_pairs`, also for English and for scripts without a .po file."""
    if language == "en":
        for found in messages.in_package():
            yield from ((text, text) for text in (found.msgid, found.plural) if text is not None)
    elif language in messages.SECOND_SCRIPTS:
        for source, form in _pairs(messages.SECOND_SCRIPTS[language]):
            yield source, to_cyrillic(form)
    else:
        yield from _pairs(language)


def _keeps(form: str, one: Message) -> bool:
    """A plural form must keep the number too: in Russian and Serbian the first form is also used for 21."""
    source = one.id[-1] if one.pluralizable else one.id
    return sorted(PLACEHOLDER.findall(form)) == sorted(PLACEHOLDER.findall(str(source)))


def _edges(text: str) -> tuple[str, str]:
    bare = text.strip()
    return text[: text.index(bare)], text[text.index(bare) + len(bare) :]


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*", PLACEHOLDER.sub("", text)))
