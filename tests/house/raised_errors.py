"""Which domain errors a view lets through, as docstrings of the functions that it calls say: "Raises UnknownClaim"."""

import ast
import builtins
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import unwrap
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.house.places import PACKAGE, tree

type Errors = frozenset[type[Exception]]

_RAISES = re.compile(r"Raises (.*?)(?:\.(?:\s|$)|$)", re.S)
_LIKE = re.compile(r"what `(\w+)` raises(?:, except (\w+))?")
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
NONE: Errors = frozenset()


class Module:
    """A module of the package, with its top-level functions."""

    def __init__(self, path: Path) -> None:
        self.name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        self.loaded = import_module(self.name)
        self.functions = {node.name: node for node in tree(path).body if isinstance(node, _FUNCTION)}
        self._let_through: dict[str, Errors] = {}

    def views(self) -> Iterator[str]:
        """The names of its public functions."""
        return (name for name in self.functions if not name.startswith("_"))

    def let_through(self, name: str) -> Errors:
        """The errors that the function does not catch, and neither do its decorators."""
        if name not in self._let_through:
            self._let_through[name] = NONE  # a function that calls itself adds nothing
            node = self.functions[name]
            caught = tuple(error for one in node.decorator_list for error in _caught_by(self.object_at(one)))
            found = {error for part in node.body for error in self._of(part)}
            self._let_through[name] = frozenset(error for error in found if not issubclass(error, caught))
        return self._let_through[name]

    def _of(self, node: ast.AST) -> Iterator[type[Exception]]:
        """The errors that come out of a node."""
        if isinstance(node, ast.Try):
            caught = tuple(error for handler in node.handlers for error in self._classes(handler.type))
            tried = (error for part in node.body for error in self._of(part))
            yield from (error for error in tried if not issubclass(error, caught))
            for part in [*node.handlers, *node.orelse, *node.finalbody]:
                yield from self._of(part)
            return
        if isinstance(node, ast.Call):
            yield from self._called(node.func)
        for part in ast.iter_child_nodes(node):
            yield from self._of(part)

    def _called(self, function: ast.expr) -> Errors:
        if isinstance(function, ast.Name) and function.id in self.functions:
            return self.let_through(function.id)
        return documented(self.object_at(function))

    def _classes(self, node: ast.expr | None) -> Iterator[type[Exception]]:
        parts = node.elts if isinstance(node, ast.Tuple) else [node] if node is not None else []
        for part in parts:
            found = self.object_at(part)
            yield from found if isinstance(found, tuple) else [found]

    def object_at(self, node: ast.expr) -> Any:
        """What a name, or a name with dots, is in this module; None for anything else."""
        if isinstance(node, ast.Call):
            return self.object_at(node.func)
        if isinstance(node, ast.Attribute):
            return getattr(self.object_at(node.value), node.attr, None)
        if isinstance(node, ast.Name):
            return getattr(self.loaded, node.id, getattr(builtins, node.id, None))
        return None


def documented(function: Any) -> Errors:
    """The errors of this package that a function's docstring names after "Raises"."""
    function = unwrap(function) if callable(function) else None
    if function is None or not str(getattr(function, "__module__", "")).startswith("mypolis."):
        return NONE
    module = import_module(function.__module__)
    said = " ".join(_RAISES.findall(function.__doc__ or ""))
    found = {error for word in re.findall(r"[A-Z]\w+", _LIKE.sub("", said)) if (error := _error(module, word))}
    for like, but in _LIKE.findall(said):
        found |= {error for error in documented(getattr(module, like)) if error.__name__ != but}
    return frozenset(found)


def _error(module: ModuleType, word: str) -> type[Exception] | None:
    places = [module, *(value for value in vars(module).values() if isinstance(value, ModuleType))]
    found = next((getattr(place, word) for place in places if hasattr(place, word)), None)
    is_ours = isinstance(found, type) and issubclass(found, Exception) and found.__module__.startswith("mypolis.")
    return found if is_ours else None


def _caught_by(decorator: Callable[..., Any] | None) -> Iterator[type[Exception]]:
    """The errors that a decorator of this package catches around the view."""
    if decorator is None or not decorator.__module__.startswith("mypolis."):
        return
    path = PACKAGE.parent.joinpath(*decorator.__module__.split(".")).with_suffix(".py")
    module = Module(path)
    for node in ast.walk(module.functions[decorator.__name__]):
        if isinstance(node, ast.ExceptHandler):
            yield from module._classes(node.type)
