"""Finds people by what an operator typed: an e-mail, a mobile in any notation, a username or a national id."""

from django.db.models import Prefetch, Q, QuerySet

from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.jmbg import JmbgError, compact_jmbg
from mypolis.foundation.lib.phones import PhoneError, parse_any_mobile
from mypolis.foundation.lib.text.folding import fold_username
from mypolis.foundation.markets import Profile
from mypolis.membership.accounts.models import Account, ContactPoint
from mypolis.membership.people.models import Membership, Person

_MOST = 20


def find_people(profile: Profile, typed: str) -> list[Person]:
    """At most 20 matching people: by contact point on file or of the account, by username, by national id.

    Their accounts, memberships and policies are loaded too.
    """
    memberships = Prefetch("memberships", Membership.objects.select_related("policy"))
    return list(_people(profile, typed).select_related("account").prefetch_related(memberships)[:_MOST])


def find_accounts(profile: Profile, typed: str) -> list[Account]:
    """Every account of these people."""
    return list(Account.objects.filter(person__in=_people(profile, typed).values("pk")).order_by("pk"))


def _people(profile: Profile, typed: str) -> QuerySet[Person]:
    mobile = mobile_in(typed, profile)
    points = ContactPoint.objects.filter(market=profile.code, key__in=[fold_email(typed), mobile or "-"])
    accounts = Q(account__in=points.values("account")) | Q(account__usernames__value=fold_username(typed))
    on_file = Q(email_key=fold_email(typed)) | (Q(mobile=mobile) if mobile else Q())
    people = Person.objects.filter(market=profile.code)
    named = people.filter(accounts | on_file).values("pk") if typed else people.none().values("pk")
    identified = people.with_national_id(national_id_in(typed)).values("pk")
    return people.filter(Q(pk__in=named) | Q(pk__in=identified))


def mobile_in(typed: str, profile: Profile) -> str:
    """The mobile number in E.164; empty when the text is not one."""
    try:
        return parse_any_mobile(typed, region=profile.region)
    except PhoneError:
        return ""


def national_id_in(typed: str) -> str:
    """The national id in digits; the text itself when it is not one."""
    try:
        return compact_jmbg(typed)
    except JmbgError:
        return typed
