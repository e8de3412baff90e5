"""Benchmarks that compare MyPolis with other programs and with limits: `make bench`, or `make bench ONLY=signin`.

`docs/reference/benchmarks.md` says what each figure compares and how.
"""
