"""Notifies a family before a child comes of age, once per person."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.event_kinds import FamilyEvent
from mypolis.membership.family.flows import mail
from mypolis.membership.family.models import AgeNotice
from mypolis.membership.family.relations.rules import born_between, comes_of_age, in_notice_period
from mypolis.membership.people.models import HOLDERS, Membership


def notify_of_age(profile: Profile) -> int:
    """Mail parents, and young people with an account, who are due and not notified yet. Returns the number of mails.

    A person whose address cannot receive mail sees the notice only on the page. They get the mail if they add an
    address in time.
    """
    today, rules = profile.today(), profile.family
    first, last = born_between(today, rules)
    children = (
        Membership.objects.not_ended_on(today)
        .filter(policy__market=profile.code, relation="child", person__birth_date__range=(first, last))
        .select_related("policy", "person__account__person")
        .prefetch_related("person__account__contact_points", "person__age_notices")
    )
    sent = 0
    for row in children.order_by("pk"):
        if in_notice_period(row.person.birth_date, today, rules):
            sent += sum(_notify(row, account) for account in _family(row, profile))
    return sent


def _family(row: Membership, profile: Profile) -> Iterable[Account]:
    """The child's own account, and those of the parents."""
    if hasattr(row.person, "account"):
        yield row.person.account
    holders = Membership.objects.in_families_of([row]).not_ended_on(profile.today()).filter(relation__in=HOLDERS)
    accounts = Account.objects.filter(person__memberships__in=holders).exclude(person=row.person_id).distinct()
    yield from accounts.prefetch_related("contact_points").select_related("person")


def _notify(row: Membership, account: Account) -> bool:
    """Mail one account, unless it was notified already. A unique row prevents two workers from mailing twice."""
    child, rules = row.person, account.profile.family
    known = {notice.account_id for notice in child.age_notices.all()}
    if account.pk in known or account.mailable_address is None:
        return False
    day = comes_of_age(child.birth_date, rules)
    more: dict[str, str | int] = {"age": rules.of_age, "day": day.isoformat()}
    more["url"] = address_of_page(account.market, "family")
    try:
        with transaction.atomic():
            notice = AgeNotice.objects.create(account=account, child=child, day=day)
            record(FamilyEvent.FAMILY_TOLD_OF_AGE, market=account.market, by=SYSTEM, subject=account, notice=notice.pk)
            if account.person_id == child.pk:
                mail(account, "of-age", more, by=SYSTEM)
            else:
                mail(account, "child-of-age", {"child": child.given_name, **more}, by=SYSTEM)
    except IntegrityError:
        return False
    return True
