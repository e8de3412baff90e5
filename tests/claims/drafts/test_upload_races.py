"""A file is removed while its draft is discarded, in two real connections: both come to an end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims import access
from mypolis.insurance.claims.drafts.flows import discard
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads.errors import NoSuchUpload
from mypolis.membership.uploads.flows import begin, remove
from mypolis.membership.uploads.models import Upload
from mypolis.membership.uploads.writing import append
from tests.claims.world import actor, draft
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

_SOMEBODY_WAITS_FOR_US = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


class Photo:
    """The body of a request."""

    length = 5

    def __iter__(self) -> Iterator[bytes]:
        yield b"photo"


def uploaded(account: Account, claim: Claim) -> Upload:
    """A finished upload for a draft."""
    metadata = {"claim": str(claim.pk), "document": "receipt", "filename": "a.jpg"}
    upload = begin(account=account, length=Photo.length, metadata=metadata, by=actor(account))
    return append(account=account, upload_id=upload.pk, offset=0, body=Photo(), by=actor(account))


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_SOMEBODY_WAITS_FOR_US)
        return cursor.fetchone() is not None


def test_a_file_is_removed_while_its_draft_is_discarded(transactional_db: None, budi: Account) -> None:
    claim = draft(budi)
    upload = uploaded(budi, claim)

    def removed() -> str:
        try:
            remove(account=budi, upload_id=upload.pk, by=actor(budi))
        except NoSuchUpload:
            return "gone already"
        finally:
            connection.close()
        return "removed"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            access.own(budi, claim.pk)
            other = pool.submit(removed)
            until(somebody_waits_for_us)
            discard(account=budi, claim=claim.pk, by=actor(budi))
        assert other.result() == "gone already"
    assert not ReceivedFile.objects.exists()
    assert not Upload.objects.exists()
