"""The demo: invented insurers and people, fake partners that answer, and an inbox."""
