"""Offers, accepts, declines and ends mandates; hides a young person's cover and shows it again. Mails both sides."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.guards.flows import LimitReached, spend
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.foundation.markets.profile import ContactKind, Text
from mypolis.foundation.notices import flows as notices
from mypolis.foundation.notices.catalogue import Value
from mypolis.membership.accounts.models import Account, ContactPoint, contact_key
from mypolis.membership.family.event_kinds import FamilyEvent
from mypolis.membership.family.limits import MANDATE_OFFERS, MANDATE_OFFERS_TO_ONE
from mypolis.membership.family.models import Mandate, Privacy
from mypolis.membership.family.relations.rules import Scope, is_of_age, may_keep_private

OFFER_LIFE = timedelta(days=7)


class Refused(Exception):
    """The action is not allowed; `message` explains it to the member."""

    message: Text = ""


class NotOfAge(Refused):
    """Only a member who is of age may let others see their cover."""

    message = _("You can share your cover with others once you are of legal age.")


class UnknownMandate(Refused):
    """The mandate does not exist, is not this member's, or is no longer open. The caller cannot tell which."""

    message = _("This offer is no longer open.")


class MayNotHide(Refused):
    """The member is too young to hide cover from their parents, or is of age, so that parents see nothing anyway."""

    message = _("You cannot change this at your age.")


@transaction.atomic
def offer(
    *,
    giver: Account,
    kind: ContactKind,
    contact: str,
    birth_date: date,
    until: date | None,
    scopes: Sequence[Scope] = ("cover",),
    by: Actor,
) -> Mandate:
    """Offer somebody access to the giver's cover and card, and perhaps to claims: `scopes`.

    A confirmed contact point and the birth date find the proxy.

    If nobody is found, or the person is under age, we write the same row and a decoy message, so that the giver sees
    no difference; that offer expires unanswered. An open offer to the same contact is withdrawn first.
    Raises NotOfAge, LimitReached.
    """
    _spend_offer(giver)
    proxy = _find_proxy(giver, kind, contact, birth_date)
    return _offer(giver, proxy, contact=contact, until=until, scopes=scopes, by=by)


@transaction.atomic
def widen(*, giver: Account, mandate_id: UUID, scopes: Sequence[Scope], by: Actor) -> Mandate:
    """Offer the proxy of an active mandate the same until the same day with other scopes.

    The mandate stays as it is until the proxy accepts, which replaces it. Raises UnknownMandate, NotOfAge,
    LimitReached.
    """
    mandate = _locked(Q(giver=giver), mandate_id)
    if mandate.state_at(timezone.now(), giver.profile.today()) != "standing":
        raise UnknownMandate
    _spend_offer(giver)
    return _offer(giver, mandate.proxy, contact=mandate.typed, until=mandate.until, scopes=scopes, by=by)


def _spend_offer(giver: Account) -> None:
    profile = giver.profile
    if not is_of_age(giver.person.birth_date, profile.today(), profile.family):
        raise NotOfAge
    spend(MANDATE_OFFERS, str(giver.pk), market=giver.market)


def _offer(
    giver: Account, proxy: Account | None, *, contact: str, until: date | None, scopes: Sequence[Scope], by: Actor
) -> Mandate:
    """Write the offer, in place of an open one to the same contact, and mail the proxy or nobody."""
    now, key = timezone.now(), _key_of(contact)
    _withdraw_same(giver, key, now)
    mandate = Mandate.objects.create(
        market=giver.market,
        giver=giver,
        proxy=proxy,
        typed=contact,
        scopes=list(scopes),
        until=until,
        offered_at=now,
        expires_at=now + OFFER_LIFE,
    )
    record(FamilyEvent.MANDATE_OFFERED, market=giver.market, by=by, subject=mandate)
    notices.send(
        market=giver.market,
        channel="email",
        to=_address_for_offers(proxy, key=key, market=giver.market),
        template=_template("mandate-offered", mandate),
        language=proxy.language if proxy else giver.language,
        context={
            "giver": giver.display_name,
            "days": OFFER_LIFE.days,
            "url": address_of_page(giver.market, "family", "mandates", str(mandate.pk)) + "/",
        },
        by=by,
        whose=notices.row_name(proxy) if proxy else "",
    )
    return mandate


@transaction.atomic
def accept(*, proxy: Account, mandate_id: UUID, by: Actor) -> Mandate:
    """Accept an offer; idempotent. Ends an earlier mandate between the two members. Raises UnknownMandate."""
    mandate, now = _locked(Q(proxy=proxy), mandate_id), timezone.now()
    if mandate.state_at(now, proxy.profile.today()) == "standing":
        return mandate
    _require_open(mandate, now)
    earlier = Mandate.objects.filter(giver=mandate.giver, proxy=proxy, accepted_at__isnull=False, ended_at=None)
    for one in earlier:
        _end(one, "newer", now, by=by)
    mandate.accepted_at = now
    mandate.save(update_fields=["accepted_at"])
    record(FamilyEvent.MANDATE_ACCEPTED, market=mandate.market, by=by, subject=mandate)
    _mail_both(mandate, "mandate-begun", by=by)
    return mandate


@transaction.atomic
def decline(*, proxy: Account, mandate_id: UUID, by: Actor) -> None:
    """Decline an offer. The giver is not notified and sees it expire unanswered. Raises UnknownMandate."""
    mandate, now = _locked(Q(proxy=proxy), mandate_id), timezone.now()
    if mandate.declined_at is not None:
        return
    _require_open(mandate, now)
    mandate.declined_at = now
    mandate.save(update_fields=["declined_at"])
    record(FamilyEvent.MANDATE_DECLINED, market=mandate.market, by=by, subject=mandate)


@transaction.atomic
def end(*, account: Account, mandate_id: UUID, by: Actor) -> Mandate:
    """End a mandate at once, from either side, or withdraw an offer. Idempotent. Raises UnknownMandate."""
    mine = Q(giver=account) | Q(proxy=account, accepted_at__isnull=False)
    mandate = _locked(mine, mandate_id)
    if mandate.ended_at is None:
        _end(mandate, "giver" if mandate.giver_id == account.pk else "proxy", timezone.now(), by=by)
        if mandate.accepted_at is not None:
            _mail_both(mandate, "mandate-ended", by=by)
    return mandate


def end_overdue(*, market: str, today: date) -> int:
    """Close the mandates whose last day is past and notify both sides. Returns how many were closed."""
    overdue = Mandate.objects.filter(market=market, ended_at=None, accepted_at__isnull=False, until__lt=today)
    count = 0
    for key in list(overdue.values_list("pk", flat=True)):
        with suppress(UnknownMandate), transaction.atomic():  # ended by somebody in the meantime
            mandate = _locked(Q(ended_at=None), key)
            _end(mandate, "time", timezone.now(), by=SYSTEM)
            _mail_both(mandate, "mandate-ended", by=SYSTEM)
            count += 1
    return count


@transaction.atomic
def keep_private(*, account: Account, is_private: bool, by: Actor) -> None:
    """Hide the member's cover from their parents, or show it again. Idempotent. Raises MayNotHide."""
    profile = account.profile
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    current = Privacy.objects.filter(account=account, ended_at=None).first()
    if is_private and current is None:
        if not may_keep_private(account.person.birth_date, profile.today(), profile.family):
            raise MayNotHide
        Privacy.objects.create(account=account)
        record(FamilyEvent.FAMILY_HIDDEN, market=account.market, by=by, subject=account)
    elif not is_private and current is not None:
        current.ended_at = timezone.now()
        current.save(update_fields=["ended_at"])
        record(FamilyEvent.FAMILY_SHOWN, market=account.market, by=by, subject=account)


def mail(account: Account, template: str, context: dict[str, Value], *, by: Actor) -> None:
    """Send the member an e-mail if the address may receive mail."""
    if address := account.mailable_address:
        notices.send(
            market=account.market,
            channel="email",
            to=address,
            template=template,
            language=account.language,
            context=context,
            by=by,
            whose=notices.row_name(account),
        )


def _find_proxy(giver: Account, kind: ContactKind, contact: str, birth_date: date) -> Account | None:
    """The one account that matches both facts. None for no match, two matches, the giver, or a person under age."""
    points = ContactPoint.objects.filter(
        market=giver.market,
        kind=kind,
        key=contact_key(kind, contact),
        confirmed_at__isnull=False,
        account__person__birth_date=birth_date,
    )
    accounts = Account.objects.filter(pk__in=points.values("account")).exclude(pk=giver.pk)
    found = list(accounts.select_related("person")[:2])
    profile = giver.profile
    if len(found) != 1 or not is_of_age(birth_date, profile.today(), profile.family):
        return None
    return found[0]


def _address_for_offers(proxy: Account | None, *, key: str, market: str) -> str | None:
    """The address for mail about an offer; None when the day's limit is used up. The offer still appears on home.

    Runs the same queries whether or not somebody was found.
    """
    points = ContactPoint.objects.filter(account=proxy.pk if proxy else 0, kind="email", undeliverable_since=None)
    address = points.filter(confirmed_at__isnull=False).values_list("value", flat=True).first()
    try:
        spend(MANDATE_OFFERS_TO_ONE, key, market=market)
    except LimitReached:
        return None
    return address


def _key_of(typed: str) -> str:
    """The contact key of what a giver typed, an e-mail address or a mobile number."""
    return contact_key("email" if "@" in typed else "mobile", typed)


def _withdraw_same(giver: Account, key: str, now: datetime) -> None:
    """Withdraw earlier open offers to the same contact. Compares what the giver typed, not whom it matched."""
    waiting = Mandate.objects.filter(giver=giver, accepted_at=None, ended_at=None, expires_at__gt=now)
    same = [row.pk for row in waiting if _key_of(row.typed) == key]
    Mandate.objects.filter(pk__in=same).update(ended_at=now, ended_by="newer")


def _locked(mine: Q, mandate_id: UUID) -> Mandate:
    """The member's mandate, locked with its giver, so that two offers of one giver cannot both become active."""
    giver = Mandate.objects.filter(mine, pk=mandate_id).values("giver")
    Account.objects.select_for_update(no_key=True).filter(pk__in=giver).first()
    rows = Mandate.objects.select_related("giver__person", "proxy__person").select_for_update(of=("self",))
    mandate = rows.filter(mine, pk=mandate_id).first()
    if mandate is None:
        raise UnknownMandate
    return mandate


def _require_open(mandate: Mandate, now: datetime) -> None:
    if mandate.declined_at is not None or mandate.state_at(now, mandate.giver.profile.today()) != "offered":
        raise UnknownMandate


def _end(mandate: Mandate, ended_by: str, now: datetime, *, by: Actor) -> None:
    mandate.ended_at, mandate.ended_by = now, ended_by
    mandate.save(update_fields=["ended_at", "ended_by"])
    record(FamilyEvent.MANDATE_ENDED, market=mandate.market, by=by, subject=mandate, ended_by=ended_by)


def _template(name: str, mandate: Mandate) -> str:
    """The name of the message about this mandate."""
    return f"claims-{name}" if mandate.allows_claims else name


def _mail_both(mandate: Mandate, template: str, *, by: Actor) -> None:
    proxy = mandate.proxy
    if proxy is None:
        return
    names: dict[str, Value] = {"giver": mandate.giver.display_name, "proxy": proxy.display_name}
    for account in (mandate.giver, proxy):
        url = address_of_page(mandate.market, "family")
        mail(account, _template(template, mandate), {**names, "url": url}, by=by)
