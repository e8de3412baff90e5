"""Lists of providers: every mistake is reported with its line, and nothing of a bad list is read."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from mypolis.insurance.providers.provider_file import ProviderRow, UnreadableProviders, read_providers
from tests.effort import examples


def read(folder: Path, text: str | bytes) -> list[ProviderRow]:
    path = folder / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_providers(path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: the columns must be code and name, and may be networks, active"),
        ("code,title\nA,B\n", "line 1: the columns must be code and name, and may be networks, active"),
        ("code,name,name\nA,B,C\n", "line 1: the columns must be code and name, and may be networks, active"),
        ("code,name\nA B,Klinik\n", "line 2: a code has up to 40 Latin letters, digits, dots and dashes"),
        ("code,name\nA,\n", "line 2: the name is missing"),
        ("code,name\nA,Klinik,more\n", "line 2: more values than columns"),
        ("code,name\nKM,One\nkm,Two\n", "line 3: the code km comes twice"),
        ("code,name,active\nA,Klinik,perhaps\n", "line 2: active must be yes or no"),
        ("code,name,networks\nA,Klinik,In/ner\n", "line 2: networks are keys of plan books, separated by spaces"),
        ("code,name\nA,Kli\u202enik\n", "line 2: the name is too long, or has characters that cannot be stored"),
        (f"code,name\nA,{'x' * 200_000}\n", "line 2: a value is too long"),
        (b"code,name\nA,\xff\n", "the file is not UTF-8"),
    ],
)
def test_a_mistake_is_reported_with_its_line(tmp_path: Path, text: str | bytes, problem: str) -> None:
    with pytest.raises(UnreadableProviders) as refused:
        read(tmp_path, text)
    assert refused.value.problems == (problem,)


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnreadableProviders) as refused:
        read(tmp_path, "code,name\n!,One\nA,\n")
    assert len(refused.value.problems) == 2


def test_a_list_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    rows = read(
        tmp_path, "\ufeffCode;Name;Networks;Active\r\nKM-01; Klinik  Melati ;inner outer;\r\nRS-2;RS Harapan;;no\r\n"
    )
    assert rows == [
        ProviderRow(code="KM-01", name="Klinik Melati", networks=("inner", "outer")),
        ProviderRow(code="RS-2", name="RS Harapan", is_active=False),
    ]


@given(text=some.text(max_size=200))
@settings(max_examples=examples(200, quick=20))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("list")
    problems: tuple[str, ...] = ()
    rows: list[ProviderRow] = []
    try:
        rows = read(folder, f"code,name\n{text}".encode(errors="replace"))
    except UnreadableProviders as refused:
        problems = refused.problems
    assert not (rows and problems)
    assert all(row.code and row.name for row in rows)
