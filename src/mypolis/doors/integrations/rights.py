"""What a partner's token may allow, and for how long at most. Nothing of Django: the command line reads it first."""

from datetime import timedelta

PLAN_BOOKS = "plan-books"
COVER_ENTRIES = "cover-entries"
RIGHTS = {
    PLAN_BOOKS: "load plan books",
    COVER_ENTRIES: "send entries of what is reserved and used",
}

LONGEST_LIFE = timedelta(days=400)
