from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mypolis.foundation.rooms import (
    Api,
    Check,
    Command,
    DeskCard,
    DeskEntry,
    HomeCard,
    NavigationEntry,
    Pages,
    Room,
    Switch,
)
from mypolis.insurance.claims.retention import LEFT, PAYEES
from mypolis.insurance.claims.rights import (
    ASSESS_CLAIMS,
    CLAIM_DECISIONS,
    CLAIM_QUEUE,
    CLAIMS,
    CLINIC_BILLS,
    ENTER_CLAIMS,
    HAND_OVER_CLAIMS,
    PAYMENT_FILES,
    PAYMENT_RUNS,
    PAYMENT_SIGNATURES,
    REVIEW_ASSESSMENTS,
)


class ClaimsRoom(Room):
    """Claims: drafts, sending, following, decisions."""

    name = "mypolis.insurance.claims"
    label = "claims"
    events = "event_kinds.ClaimEvent"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    pages = (Pages(place=90),)
    switch = Switch(
        _("Claims"),
        _("Claims are not available for now. What you sent is safe. Please try again later, or call us."),
    )
    staff_pages = (
        Pages(place=20, urls="desk.pages.urls"),
        Pages(place=25, urls="entering.urls"),
        Pages(place=30, urls="payments.desk_urls"),
    )
    desk_cards = (
        DeskCard(10, "claims/desk/card.html", "desk.pages.card.claims_at_desk", CLAIM_QUEUE),
        DeskCard(40, "claims/payments/card.html", "payments.desk_card.payments_at_desk", PAYMENT_RUNS),
    )
    desk_entries = (
        DeskEntry(20, "desk-claims", pgettext_lazy("desk", "Claims"), "claim", CLAIM_QUEUE),
        DeskEntry(40, "desk-payments", _("Payments"), "wallet", PAYMENT_RUNS),
    )
    jobs = "jobs"
    retention = (PAYEES, LEFT)
    checks = (Check("payments.findings.findings"),)
    api = (Api(), Api(router="following_api.router"))
    commands = (Command("claims", "list, show, decide and pay claims, or let the rules decide"),)
    rights = (
        *(CLAIMS, CLAIM_DECISIONS, CLINIC_BILLS),
        *(CLAIM_QUEUE, ASSESS_CLAIMS, REVIEW_ASSESSMENTS, HAND_OVER_CLAIMS, ENTER_CLAIMS),
        *(PAYMENT_RUNS, PAYMENT_FILES, PAYMENT_SIGNATURES),
    )
    navigation = (
        NavigationEntry(
            30,
            "claims",
            pgettext_lazy("menu", "Claims"),
            "claim",
            promise=_("Money back for bills: from a photo, with every step to follow"),
        ),
    )
    home_cards = (
        HomeCard(18, "claims/parts/home.html", "home_card.claims_at_home"),
        HomeCard(19, "claims/drafts/home.html", "drafts.home_card.new_claim_at_home"),
    )
    waiting = ("home_card.waiting_claims",)
    file_owners = ("claims.claim",)
    extends = {
        "bank_accounts.returns": ("drafts.pages.returning.TO_REVIEW", "pages.returns.TO_CLAIM"),
        "uploads.targets": ("drafts.uploads.TARGET",),
        "files.checked": ("file_checks.checked",),
        "files.kept": ("lifecycle.locked_accounts.still_to_be_appealed",),
        "accounts.unlocked": ("lifecycle.locked_accounts.give_days_back",),
        "desk.person_sections": ("desk.person_section.CLAIMS",),
        "desk.people_by_number": ("desk.search.people_with_claim",),
    }
