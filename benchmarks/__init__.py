"""What MyPolis costs, measured against peers and limits: `make bench`, or `make bench ONLY=signin`.

`docs/reference/benchmarks.md` says what each figure compares and how.
"""
