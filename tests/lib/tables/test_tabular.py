"""Tables from outside: refused files, rows with errors, and correct line numbers."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mypolis.foundation.lib.tables.table_reader import Row, TabularError, read_table


def table(path: Path, content: bytes | str, max_bytes: int = 1_000_000) -> tuple[tuple[str, ...], list[Row]]:
    file = path / "list.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    read = read_table(file, max_bytes=max_bytes)
    return read.header, list(read.rows)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"PK\x03\x04 a spreadsheet", "not_text"),
        (b"%PDF-1.7", "not_text"),
        (b"\xd0\xcf\x11\xe0 an old spreadsheet", "not_text"),
        (b"name\nAna\0\n", "not_text"),
        ("имя\nАна".encode("cp1251"), "not_utf8"),
        ("имя\nАна".encode("utf-16"), "not_utf8"),
        ("имя".encode()[:-1], "not_utf8"),
        (b"a,b\n" + b"1,2\n" * 300_000 + b"\xff", "too_large"),
        (b"a" * 1_000_001, "too_large"),
        (b",,\n1,2,3", "no_header"),
        (b"a,,b\n1,2,3", "no_header"),
        (b'"a,b\n1,2', "no_header"),
        (b"a,b,a\n1,2,3", "doubled_column"),
        (b"a, a \n1,2", "doubled_column"),
    ],
)
def test_what_is_no_table_is_refused_before_the_first_row(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(TabularError) as told:
        table(tmp_path, content)
    assert told.value.code == code
    assert str(told.value.message)


def test_bytes_that_are_not_utf8_far_into_the_file_are_found_before_the_first_row(tmp_path: Path) -> None:
    with pytest.raises(TabularError) as told:
        table(tmp_path, b"a,b\n" + b"1,2\n" * 600_000 + b"\xff\n", max_bytes=10_000_000)
    assert told.value.code == "not_utf8"


def test_a_letter_split_over_two_chunks_is_still_a_letter(tmp_path: Path) -> None:
    content = b"a\n" + b"x\n" * ((1 << 19) - 2) + "x\u0451\n".encode()
    assert content[(1 << 20) - 1 : (1 << 20) + 1] == "ё".encode()
    _, rows = table(tmp_path, content, max_bytes=2_000_000)
    assert rows[-1].cells == {"a": "xё"}


def test_a_file_that_is_not_there_is_told_as_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(TabularError) as told:
            read_table(path, max_bytes=10)
        assert told.value.code == "unreadable"


def test_a_row_with_too_many_cells_is_marked_and_the_others_are_kept(tmp_path: Path) -> None:
    _, rows = table(tmp_path, "a,b\n1,2\n1,2,3\n4,5\n")
    assert rows == [
        Row(2, {"a": "1", "b": "2"}),
        Row(3, {"a": "1", "b": "2"}, "too_many_cells"),
        Row(4, {"a": "4", "b": "5"}),
    ]


def test_a_quote_left_open_marks_its_own_row_and_swallows_no_other(tmp_path: Path) -> None:
    _, rows = table(tmp_path, 'a,b\n1,"two\n3,four\n5,"six"\n7,eight\n')
    assert [(row.line, row.problem) for row in rows] == [
        (2, "broken_quotes"),
        (3, None),
        (4, None),
        (5, None),
    ]
    assert rows[0].cells == {}
    assert rows[2].cells == {"a": "5", "b": "six"}


def test_a_quote_left_open_in_the_last_row_or_over_very_many_is_marked_alone(tmp_path: Path) -> None:
    content = 'a,b\n1,"two\n' + "3,4\n" * 200 + '5,"six'
    _, rows = table(tmp_path, content)
    assert [row.line for row in rows if row.problem] == [2, 203]
    assert len(rows) == 202


def test_text_after_a_closing_quote_marks_the_row(tmp_path: Path) -> None:
    _, rows = table(tmp_path, 'a,b\n"ООО "Ромашка"",1\nx,2\n')
    assert [row.problem for row in rows] == ["broken_quotes", None]


def test_a_quote_inside_a_plain_cell_is_a_sign_like_any_other(tmp_path: Path) -> None:
    _, rows = table(tmp_path, 'a,b\nООО "Ромашка",24" \n')
    assert rows == [Row(2, {"a": 'ООО "Ромашка"', "b": '24" '})]


def test_a_cell_beyond_the_limit_marks_its_row(tmp_path: Path) -> None:
    _, rows = table(tmp_path, "a\n" + "x" * 200_000 + "\ny\n")
    assert [(row.line, row.problem) for row in rows] == [(2, "broken_quotes"), (3, None)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_line_ends_and_byte_order_marks_make_no_difference(
    tmp_path: Path, delimiter: str, newline: str, mark: str
) -> None:
    lines = ["Фамилия|E-mail", "Ёлкин|a@b.ru"]
    content = mark + newline.join(line.replace("|", delimiter) for line in lines)
    assert table(tmp_path, content) == (
        ("Фамилия", "E-mail"),
        [Row(2, {"Фамилия": "Ёлкин", "E-mail": "a@b.ru"})],
    )


def test_other_delimiters_inside_a_header_cell_do_not_win(tmp_path: Path) -> None:
    header, _ = table(tmp_path, '"policy, number";"plan, name, type";end\n1;2;3')
    assert header == ("policy, number", "plan, name, type", "end")


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    assert table(tmp_path, "email\na@b.rs\n") == (("email",), [Row(2, {"email": "a@b.rs"})])


def test_lines_are_those_of_the_file_through_cells_of_several_lines_and_blank_rows(tmp_path: Path) -> None:
    _, rows = table(tmp_path, '\n\na,b\n1,"two\nlines"\n\n,\n3,4\n"x\ny\nz",5\n6,7')
    assert [(row.line, row.cells["a"]) for row in rows] == [(4, "1"), (8, "3"), (9, "x\ny\nz"), (12, "6")]


def test_trailing_empty_columns_and_missing_cells_are_tolerated(tmp_path: Path) -> None:
    header, rows = table(tmp_path, "a;b;;\n1;2;;\n3\n4;5;6;\n")
    assert header == ("a", "b")
    assert rows == [
        Row(2, {"a": "1", "b": "2"}),
        Row(3, {"a": "3", "b": ""}),
        Row(4, {"a": "4", "b": "5"}, "too_many_cells"),
    ]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(cells, cells), max_size=8), st.sampled_from(",;\t|"))
def test_what_a_spreadsheet_writes_is_read_as_it_was(
    tmp_path: Path, rows: list[tuple[str, str]], delimiter: str
) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("one", "two"), *rows])
    header, read = table(tmp_path, file.getvalue())
    assert header == ("one", "two")
    kept = [{"one": one, "two": two} for one, two in rows if one.strip() or two.strip()]
    assert [row.cells for row in read] == kept
    assert not any(row.problem for row in read)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_table_with_lines_in_order_or_refused(tmp_path: Path, content: bytes) -> None:
    try:
        _, rows = table(tmp_path, content)
    except TabularError:
        return
    assert [row.line for row in rows] == sorted({row.line for row in rows})
