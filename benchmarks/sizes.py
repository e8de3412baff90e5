"""The sizes of benchmarks. `--smoke` only checks that they run; the figures then mean nothing."""

_is_smoke = False


def only_smoke() -> None:
    """Use the small sizes. Call this before a benchmark is imported."""
    global _is_smoke  # noqa: PLW0603 - set once, by the command line
    _is_smoke = True


def sized(usual: int, *, smoke: int) -> int:
    """Return the size to use. A benchmark calls this once, when it is imported."""
    return smoke if _is_smoke else usual
