"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class CoverageEvent(Kind):
    """Events about plans, the ledger and payments."""

    PLAN_BOOK_LOADED = kind("plan.book_loaded", by="partner staff", about="coverage.planversion", or_nothing=True)
    PLAN_VERSION_ADDED = kind("plan.version_added", by="partner staff", about="coverage.planversion")
    COVER_ENTRY_WRITTEN = kind(
        "cover.entry_written",
        by="member partner staff system",
        about="coverage.entry coverage.feedload",
        by_worker=True,
    )
    COVER_FEED_LOADED = kind("cover.feed_loaded", by="partner staff", about="coverage.entry coverage.feedload")
    COVER_PAYMENTS_LOADED = kind(
        "cover.payments_loaded", by="partner staff", about="coverage.entry coverage.feedload", or_nothing=True
    )
    COVER_BALANCES_MENDED = kind(
        "cover.balances_mended",
        by="partner staff",
        about="coverage.entry coverage.feedload",
        or_nothing=True,
        of_no_market=True,
    )
