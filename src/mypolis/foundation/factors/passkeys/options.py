"""What the browser needs for adding a passkey, and for proving with one. Making it writes nothing."""

from webauthn import generate_authentication_options, generate_registration_options, options_to_json
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mypolis.foundation.factors.models import Holder
from mypolis.foundation.factors.passkeys.challenges import LIFE, new_challenge
from mypolis.foundation.factors.passkeys.relying_party import relying_party

_TIMEOUT = int(LIFE.total_seconds() * 1000)
_BRAND = "MyPolis"


def options_for_adding(holder: Holder, *, user_name: str, display_name: str) -> str:
    """Options for `navigator.credentials.create`, as JSON. The device shows both names, and may copy them elsewhere."""
    party = relying_party(holder.door)
    known = holder.passkeys.filter(removed_at=None).values_list("credential_id", flat=True)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=_BRAND,
        user_id=bytes(holder.handle),
        user_name=user_name,
        user_display_name=display_name,
        challenge=new_challenge(adding_purpose(holder)),
        timeout=_TIMEOUT,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(one)) for one in known],
    )
    return options_to_json(options)


def options_for_signing_in(door: str) -> str:
    """Options for `navigator.credentials.get`, as JSON. The device offers whatever it has for this host."""
    options = generate_authentication_options(
        rp_id=relying_party(door).id,
        challenge=new_challenge(proving_purpose(door)),
        timeout=_TIMEOUT,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def adding_purpose(holder: Holder) -> str:
    """The purpose of a challenge for adding a passkey to this holder."""
    return f"create:{holder.door}:{holder.pk}"


def proving_purpose(door: str) -> str:
    """The purpose of a challenge for proving at this door."""
    return f"get:{door}"
