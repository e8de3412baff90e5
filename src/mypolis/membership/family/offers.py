"""A member's mandates, as far as they may know them: given, held, and offers that wait for an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mypolis.foundation.web.sections import Waiting
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.middleware import account_of
from mypolis.membership.family.flows import UnknownMandate
from mypolis.membership.family.models import Mandate, MandateState

_SHOWN = 50


@dataclass(frozen=True)
class Given:
    """A mandate as its giver may see it. Until it is accepted, it shows only what the giver typed."""

    mandate: Mandate
    state: MandateState

    @property
    def name(self) -> str:
        """The proxy's name after they accepted; before that, what the giver typed."""
        mandate = self.mandate
        if mandate.accepted_at is not None and mandate.proxy is not None:
            return mandate.proxy.person.display_name
        return str(mandate.typed)

    @property
    def may_widen(self) -> bool:
        """Whether the giver can offer the proxy to make claims, too."""
        return self.state == "standing" and not self.mandate.allows_claims

    @property
    def may_end(self) -> bool:
        """Whether there is something to end or to withdraw."""
        return self.state in ("offered", "standing")


def mandates_given(account: Account) -> list[Given]:
    """The mandates and offers of a giver, newest first, without withdrawn offers."""
    now, today = timezone.now(), account.profile.today()
    rows = Mandate.objects.filter(giver=account).exclude(accepted_at=None, ended_at__isnull=False)
    newest = rows.select_related("proxy__person").order_by("-offered_at")[:_SHOWN]
    return [Given(row, row.state_at(now, today)) for row in newest]


def offers_to(account: Account) -> list[Mandate]:
    """Offers that wait for this member's answer, newest first."""
    rows = Mandate.objects.open_at(timezone.now(), account.profile.today()).filter(proxy=account)
    return list(rows.select_related("giver__person").order_by("-offered_at"))


def offer_to(account: Account, mandate_id: UUID) -> Mandate:
    """A waiting offer to this member, or a mandate that they hold. Raises UnknownMandate."""
    rows = Mandate.objects.filter(proxy=account, pk=mandate_id).select_related("giver__person")
    mandate = rows.first()
    if mandate is None:
        raise UnknownMandate
    state = mandate.state_at(timezone.now(), account.profile.today())
    if state == "standing" or (state == "offered" and mandate.declined_at is None):
        return mandate
    raise UnknownMandate


def waiting_offers(request: HttpRequest) -> Iterable[Waiting]:
    """The waiting offers as notices for the home page."""
    account = account_of(request)
    if account is None:
        return
    for mandate in offers_to(account):
        yield Waiting(
            title=mandate.giver.person.display_name,
            text=_("If you accept, you can see this person’s cover and card, and make claims for them.")
            if mandate.allows_claims
            else _("If you accept, you can see this person’s cover and card."),
            url=reverse("family-mandate", args=[account.market, mandate.pk]),
            icon="family",
        )
