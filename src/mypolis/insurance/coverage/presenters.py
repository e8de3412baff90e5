"""A member's cover as JSON documents."""

from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.coverage.cover import BenefitCover, LimitCover, PolicyCover
from mypolis.insurance.coverage.documents.policy_documents import PolicyDocument
from mypolis.insurance.coverage.pages.limit_bars import binding
from mypolis.insurance.coverage.plan_books.benefit_texts import limit_in_words, measured, say
from mypolis.insurance.coverage.plan_books.plan import Network, PlanDocument
from mypolis.insurance.coverage.plan_books.vocabulary import TYPE_LABELS
from mypolis.insurance.coverage.schemas import (
    AnswersDoc,
    BenefitDoc,
    BenefitDocumentDoc,
    CopaymentDoc,
    ExcessDoc,
    FoundDoc,
    LimitDoc,
    NetworkDoc,
    PlanDoc,
    PolicyCoverDoc,
    PolicyDoc,
)
from mypolis.insurance.coverage.search.certainty import Found
from mypolis.insurance.coverage.search.search import Reply
from mypolis.insurance.emergencies.documents import urgent_doc


def policy_doc(cover: PolicyCover) -> PolicyDoc:
    """A policy without its benefits."""
    row, policy = cover.membership, cover.membership.policy
    labels = {kind.key: force_str(kind.label) for kind in profile_of(policy.market).policy_types}
    return PolicyDoc(
        id=str(row.pk),
        number=policy.number,
        type=policy.type,
        type_label=labels.get(policy.type, policy.type),
        employer=policy.employer.name if policy.employer else "",
        participant_number=row.participant_number,
        relation=row.relation,
        plan=say(cover.plan.name) if cover.plan else row.plan,
        product=say(cover.plan.product_name) if cover.plan else None,
        status=cover.status,
        start=cover.start,
        end=cover.end,
    )


def policy_cover_doc(cover: PolicyCover) -> PolicyCoverDoc:
    """A policy with its benefits."""
    return PolicyCoverDoc(
        policy=policy_doc(cover),
        plan=_plan(cover.plan) if cover.plan else None,
        message=None if cover.plan else no_benefits_yet(),
        as_of=cover.as_of,
        benefits=[benefit_doc(benefit, cover) for benefit in cover.benefits],
    )


def answers_doc(reply: Reply) -> AnswersDoc:
    """The complete answer to a search."""
    help_doc = urgent_doc(reply.help) if reply.help else None
    mourns = reply.help is not None and reply.help.kind == "bereavement"
    return AnswersDoc(
        found=[found_doc(one) for one in reply.found],
        message=_message(reply),
        emergency=None if mourns else help_doc,
        bereavement=help_doc if mourns else None,
    )


def found_doc(found: Found) -> FoundDoc:
    """One search result."""
    cover = found.cover
    return FoundDoc(
        policy=str(cover.membership.pk) if cover else None,
        benefit=found.benefit.benefit.key if cover else None,
        name=found.name,
        explanation=found.explanation,
        verdict=found.answer.verdict,
        certain=found.answer.certain,
        title=found.answer.title,
        text=found.answer.text,
    )


def policy_document_doc(found: PolicyDocument) -> dict[str, object]:
    """A document in a list."""
    file = found.file
    return {
        "id": str(file.pk),
        "kind": file.kind,
        "kind_label": force_str(found.label),
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "added_at": file.stored_at,
    }


def _message(reply: Reply) -> str | None:
    if reply.help:
        return None
    if not reply.found:
        return nothing_found()
    return not_sure() if reply.is_unsure else None


def not_sure() -> str:
    """The text above results that are guesses."""
    return _("We are not sure what you mean. These benefits may help. Ask us if you want to be sure.")


def nothing_found() -> str:
    """The advice when the words match nothing."""
    return _(
        "That does not mean that you are not covered. Try another word, such as the kind of doctor or treatment, "
        "look through all benefits, or ask us."
    )


def no_benefits_yet() -> str:
    """The advice for a member whose plan is unknown here."""
    return _("We have your policy, but not the details of your plan yet. Please ask us what you are covered for.")


def benefit_doc(found: BenefitCover, cover: PolicyCover) -> BenefitDoc:
    """One benefit of a policy whose plan is known."""
    benefit, plan = found.benefit, cover.plan
    currency = plan.currency if plan else ""
    network = benefit.network or (plan.network if plan else None)
    return BenefitDoc(
        key=benefit.key,
        policy=str(cover.membership.pk),
        type=benefit.type,
        type_label=force_str(TYPE_LABELS[benefit.type]),
        name=say(benefit.name),
        explanation=say(benefit.explanation),
        what_to_do=say(benefit.what_to_do),
        exclusions=say(benefit.exclusions) if benefit.exclusions else None,
        waiting_days=benefit.waiting_days,
        waits_until=found.waits_until,
        copayment=CopaymentDoc(**dict(benefit.copayment)) if benefit.copayment else None,
        excess=ExcessDoc(amount=benefit.excess.amount, basis=benefit.excess.per) if benefit.excess else None,
        reimbursement=benefit.reimbursement,
        needs_approval=benefit.needs_approval,
        network=_network(network) if network else None,
        documents=[BenefitDocumentDoc(key=document.key, name=say(document.name)) for document in benefit.documents],
        currency=currency,
        limits=[_limit(limit, found, plan, currency) for limit in found.limits],
        as_of=cover.as_of,
    )


def _plan(plan: PlanDocument) -> PlanDoc:
    return PlanDoc(
        key=plan.key,
        name=say(plan.name),
        product=say(plan.product_name),
        explanation=say(plan.explanation),
        currency=plan.currency,
        network=_network(plan.network) if plan.network else None,
    )


def _network(network: Network) -> NetworkDoc:
    return NetworkDoc(key=network.key, name=say(network.name), explanation=say(network.explanation))


def _limit(found: LimitCover, of: BenefitCover, plan: PlanDocument | None, currency: str) -> LimitDoc:
    limit, usage, span = found.limit, found.usage, found.span
    return LimitDoc(
        key=limit.key,
        text=limit_in_words(limit, currency),
        measure=limit.measure,
        unit=limit.unit,
        basis=limit.per,
        size=limit.size,
        used=usage.used if usage else None,
        reserved=usage.reserved if usage else None,
        left=usage.left if usage else None,
        left_text=measured(limit, usage.left, currency) if usage else None,
        binds=found is binding(of),
        sum_insured=plan is not None and plan.is_sum_insured(limit),
        shared_with=[key for key in limit.benefits if key != of.benefit.key],
        family=limit.family,
        first_day=span.first if span else None,
        last_day=span.last if span else None,
    )
