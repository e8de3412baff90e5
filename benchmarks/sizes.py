"""How much a benchmark does. With `--smoke` it only shows that it runs: its figures mean nothing then."""

_is_smoke = False


def only_smoke() -> None:
    """Make everything small; call it before a benchmark is imported."""
    global _is_smoke  # noqa: PLW0603 - set once, by the command line
    _is_smoke = True


def sized(usual: int, *, smoke: int) -> int:
    """A size that a benchmark chooses once, when it is imported."""
    return smoke if _is_smoke else usual
