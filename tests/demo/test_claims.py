"""The demo's claims look lived in, and behave like real ones."""

from mypolis.demo.samples.claims import happened
from mypolis.insurance.claims.lifecycle.following import answered_by_file, appeal
from mypolis.insurance.claims.models import Appeal
from mypolis.membership.accounts.models import Account
from tests.claims.conftest import budi
from tests.claims.pages.reading import questioned, rejected
from tests.claims.world import actor, paper, reread
from tests.files.conftest import folder

__all__ = ["budi", "folder"]


def test_papers_of_a_claim_in_the_past_do_not_answer_a_later_question(budi: Account) -> None:
    claim = questioned(budi)
    happened(claim, 6)
    claim = reread(claim)
    assert answered_by_file(claim, list(claim.questions.all())) == frozenset()
    paper(claim, "other", content=b"a new photo")
    assert len(answered_by_file(claim, list(claim.questions.all()))) == 1


def test_an_appeal_in_the_past_has_the_day_of_its_step_in_the_timeline(budi: Account) -> None:
    claim = appeal(account=budi, claim=rejected(budi).pk, text="Please look again.", by=actor(budi))
    happened(claim, 6)
    step, said = claim.changes.latest("pk"), Appeal.objects.get()
    assert step.after == "appealed"
    assert abs((step.at - said.at).total_seconds()) < 3600
