"""Runs a command of `mypolis` in the test's own process, with its real arguments and output."""

import argparse
import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout

type Run = Callable[..., tuple[int, str, str]]
type AddParser = Callable[[argparse._SubParsersAction[argparse.ArgumentParser]], None]


def runner(add_parser: AddParser, *first: str, last: tuple[str, ...] = ()) -> Run:
    """Gives what runs `mypolis FIRST … WORDS … LAST`, and returns the exit code, standard output and standard error.

    `add_parser` adds the parser of the command. Arguments that the parser refuses end with its exit code, 2.
    """
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())

    def run(*words: str) -> tuple[int, str, str]:
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            try:
                parsed = parser.parse_args([*first, *words, *last])
                code = int(parsed.run(parsed))
            except SystemExit as stopped:
                code = int(stopped.code or 0)
        return code, out.getvalue(), err.getvalue()

    return run
