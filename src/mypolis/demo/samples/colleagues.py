"""The sample colleagues at the desk: their accounts, and the codes that their authenticator apps would show."""

import base64
import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from pyotp import TOTP

from mypolis.demo.cast.colleagues import SIGN_IN_WORDS, CastColleague, colleagues
from mypolis.demo.models import SampleColleague
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.factors import authenticator_apps
from mypolis.foundation.factors.holders import new_holder
from mypolis.foundation.factors.models import DESK, AuthenticatorApp
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.foundation.markets import Profile, market_codes
from mypolis.foundation.staff.event_kinds import StaffEvent
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.staff.roles import ROLES
from mypolis.foundation.staff.team.role_changes import give_role


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """One sample colleague now. `code` is the first code of the app that was not used yet."""

    market: str
    name: str
    roles: list[str]
    email: str
    password: str
    code: str

    @property
    def role_labels(self) -> str:
        """The roles in words."""
        return ", ".join(str(label) for key, (label, _does) in ROLES.items() if key in self.roles)


@transaction.atomic
def seed_colleagues(profile: Profile) -> None:
    """Open the accounts that a market's sample colleagues do not have yet; an older demo gets those who are new."""
    staff = colleagues(profile.code)
    accounts = StaffAccount.objects.filter(email_key__in=[one.email for one in staff])
    taken = set(accounts.values_list("email_key", flat=True))
    missing = [one for one in staff if one.email not in taken]
    if not missing:
        return
    password_hash = hash_password(SIGN_IN_WORDS)
    for one in missing:
        _open_account(one, profile, password_hash)


def sample_colleagues(market: str = "") -> list[Colleague]:
    """Sample colleagues of one market or of all. The number of queries is constant."""
    codes = market_codes() if not market else {market} & set(market_codes())
    rows = SampleColleague.objects.filter(market__in=codes)
    return [_colleague(row) for row in rows.select_related("account__holder__app").prefetch_related("account__roles")]


def _open_account(one: CastColleague, profile: Profile, password_hash: str) -> None:
    account = StaffAccount.objects.create(
        email=one.email,
        email_key=one.email,
        name=one.name,
        language=profile.default_language,
        password_hash=password_hash,
        holder=new_holder(door=DESK),
        joined_at=timezone.now(),
    )
    record(StaffEvent.STAFF_JOINED, market="", by=SYSTEM, subject=account)
    give_role(account=account, market=profile.code, role=one.role, by=SYSTEM)
    authenticator_apps.link(holder=account.holder, secret=_secret_of(one.email), step=0, by=SYSTEM)
    SampleColleague.objects.create(account=account, market=profile.code, password=SIGN_IN_WORDS)


def _secret_of(email: str) -> str:
    """The same in every demo, so that somebody who scanned it into a real app keeps it after a reset."""
    return base64.b32encode(hashlib.sha256(f"demo:{email}".encode()).digest()[:20]).decode()


def _colleague(row: SampleColleague) -> Colleague:
    account = row.account
    app = getattr(account.holder, "app", None)
    return Colleague(
        market=row.market,
        name=account.name,
        roles=sorted(account.roles_in(row.market)),
        email=account.email,
        password=row.password,
        code=_code(app) if app else "",
    )


def _code(app: AuthenticatorApp) -> str:
    """The present code; the next one, which is accepted already, if the present one was used."""
    totp = TOTP(app.secret)
    step = totp.timecode(timezone.now())
    return totp.generate_otp(min(max(step, app.last_step + 1), step + 1))
