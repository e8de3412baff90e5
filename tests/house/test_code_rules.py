"""Rules about sizes, names and words in the code."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.house.places import assert_none, functions, modules, name, tree

EVERYWHERE = ("src", "tests", "benchmarks", "tools")
VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "service", "services", "managers"}
WINGS = {"service"}  # a wing may have this name, because insurers use the word
PRINTERS = re.compile(r"src/mypolis/(cli|[\w/]+commands)\.py")


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in modules(*EVERYWHERE)}
    assert_none(f"{place}: {length} lines" for place, length in lengths.items() if length > 400)


def test_no_function_is_longer_than_50_lines() -> None:
    too_long = [
        f"{name(path)}:{function.lineno} {function.name}"
        for path in modules(*EVERYWHERE)
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > 50
    ]
    assert_none(too_long)


def test_no_folder_has_more_than_20_modules() -> None:
    count = Counter(path.parent for path in modules(*EVERYWHERE))
    assert_none(f"{name(folder)}: {found} modules" for folder, found in count.items() if found > 20)


def test_no_module_or_folder_has_a_vague_name() -> None:
    vague = [name(path) for path in modules(*EVERYWHERE) if VAGUE & {*Path(name(path)).parent.parts[3:], path.stem}]
    assert_none(vague)


def test_everything_public_says_what_it_is() -> None:
    silent = [
        f"{name(path)}:{line} {what}"
        for path in modules("src")
        if path.name != "apps.py"
        for line, what in _without_docstring(path)
    ]
    assert_none(silent)


def test_the_product_prints_only_at_the_command_line() -> None:
    printing = [
        f"{name(path)}:{node.lineno}"
        for path in modules("src")
        if not PRINTERS.fullmatch(name(path))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert_none(printing)


def test_no_day_is_taken_from_a_moment_in_utc() -> None:
    """Days belong to markets: use `Profile.today()`, or a time in the market's zone. Ruff's DTZ rules do the rest."""
    in_utc = re.compile(r"\bnow\(\)\.date\(\)|_at\.date\(\)|_at\.strftime\(|\bdatetime\.utcnow\(")
    found = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in modules("src")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if in_utc.search(line)
    ]
    assert_none(found)


def test_log_lines_are_never_built_from_values() -> None:
    """Values in the message are not redacted; they belong in named fields."""
    built = [
        f"{name(path)}:{call.lineno}"
        for path in modules("src")
        for call in _calls_of_loggers(tree(path))
        if call.args and not isinstance(call.args[0], ast.Constant)
    ]
    assert_none(built)


def _without_docstring(path: Path) -> Iterator[tuple[int, str]]:
    module = tree(path)
    if module.body and path.name != "models.py" and not ast.get_docstring(module):
        yield 1, "the module"
    yield from _silent_members(module)


def _silent_members(owner: ast.Module | ast.ClassDef) -> Iterator[tuple[int, str]]:
    for node in owner.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name.startswith("_") or node.name == "Meta" or _is_override(node):
            continue
        if not ast.get_docstring(node):
            yield node.lineno, node.name
        if isinstance(node, ast.ClassDef):
            yield from _silent_members(node)


def _is_override(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    marks = {getattr(mark, "id", getattr(mark, "attr", "")) for mark in node.decorator_list}
    return bool(marks & {"override", "overload"})


def _calls_of_loggers(module: ast.Module) -> Iterator[ast.Call]:
    levels = {"debug", "info", "warning", "error", "exception", "critical", "log"}
    for node in ast.walk(module):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        if node.func.attr in levels and isinstance(owner, ast.Name) and "log" in owner.id.lower():
            yield node


KNOWN_SAFE = {  # checked inside: our own code makes its text
    "src/mypolis/foundation/notices/rendering.py: SafeString",
    "src/mypolis/foundation/web/monitoring/redaction.py: re.compile",
    "src/mypolis/foundation/lib/text/cyrillic.py: re.compile",
    "src/mypolis/foundation/notices/sms/smpp_receipts.py: re.compile",
}


def test_no_shell_no_evaluation_no_pickle_and_no_page_out_of_a_text() -> None:
    forbidden = {
        *("eval", "exec", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load"),
        *("mark_safe", "SafeString", "django.template.Template"),
    }
    found = []
    for path in modules("src"):
        for call in (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)):
            called = ast.unparse(call.func)
            shell = any(word.arg == "shell" and ast.unparse(word.value) != "False" for word in call.keywords)
            pattern = called in ("re.compile", "re.match", "re.fullmatch", "re.search", "re.sub", "re.findall")
            made_up = pattern and any(isinstance(part, ast.JoinedStr | ast.Name) for part in call.args[:1])
            if called in forbidden or called.rpartition(".")[2] in ("mark_safe", "from_string") or shell or made_up:
                found.append(f"{name(path)}: {called}")
    assert_none(sorted(set(found) - KNOWN_SAFE))
