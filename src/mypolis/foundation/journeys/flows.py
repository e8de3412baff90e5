"""Starting, answering, going back, sending a code again. Pages and API call these functions; nothing else writes a
journey."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record, recorded_together
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys.counters import count_journey
from mypolis.foundation.journeys.definitions.answers import Answer, Facts, FieldError, gone_back
from mypolis.foundation.journeys.definitions.errors import NotOpen, Refused, UnknownJourney, UnknownStep
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Step, StepForm, Walk, answered
from mypolis.foundation.journeys.event_kinds import JourneyEvent
from mypolis.foundation.journeys.models import Journey, Visit
from mypolis.foundation.journeys.redirects.redirect_steps import RedirectStep, Returned, depart, void_visits
from mypolis.foundation.journeys.retention import JOURNEYS
from mypolis.foundation.journeys.rows import begin, lock, read, save

RECORDED_EACH = 5  # the first refusals of a journey; each is recorded as an event


def start(
    *,
    market: str,
    kind: str,
    way: str,
    language: str,
    entry: Facts,
    by: Actor,
    typed: Mapping[str, object] | None = None,
) -> tuple[Walk, str]:
    """Start a journey and return it with its token. `typed` fills in its first page without validation.

    Raises UnknownWay, MembersOnly, Gone, Closed, LimitReached.
    """
    walk, token = begin(market=market, kind=kind, way=way, language=language, entry=entry, by=by)
    here = walk.current
    if typed and here is not None:
        walk.answers = {**walk.answers, here.name: Answer(typed=here.form(typed, walk=walk).typed(), met=False)}
    _write_first(walk)
    return walk, token


def _write_first(walk: Walk) -> None:
    """Write the row of a journey that nobody has answered yet."""
    with recorded_together():
        _record_start(walk)
        save(walk)


def _record_start(walk: Walk) -> None:
    journey = walk.journey
    facts = {"journey": journey.kind, "way": journey.way}
    record(JourneyEvent.JOURNEY_STARTED, market=journey.market, by=walk.by, subject=journey, **facts)
    count_journey("started", market=journey.market, kind=journey.kind)


def get(*, market: str, token: str, by: Actor) -> Walk:
    """Return a journey without changing it. Raises UnknownJourney."""
    return read(market, token, by)


def answer(
    *,
    market: str,
    token: str,
    step: str,
    data: Mapping[str, object],
    by: Actor,
    way: str = "",
    form: str = "",
    came: Returned | None = None,
) -> Walk:
    """Answer the named step. Raises UnknownJourney, UnknownStep, Expired, NotOpen, Repeated, Refused, LimitReached.

    What a refusal counted (tries, failed matches) is kept. LimitReached and other errors undo everything. If `way` is
    set, a journey of another way is unknown. `form` identifies the form on the page, which can be answered only once.
    `came` is the result of a visit to another site.
    """
    with recorded_together():
        walk = lock(market, token, by, form=form)
        if way and walk.way != way:
            raise UnknownJourney
        refusal = _judge(walk, step, data, form, came)
    if refusal is not None:
        raise refusal
    return walk


def answer_first(walk: Walk, *, step: str, data: Mapping[str, object], form: str = "") -> Walk:
    """Answer a journey that `begin` has just made, and write its row. No lock: nobody else knows the journey.

    Raises the errors of `answer`. LimitReached undoes the answer, but the journey is written.
    """
    untouched = walk.answers
    try:
        with recorded_together():
            _record_start(walk)
            refusal = _judge(walk, step, data, form)
    except LimitReached:
        journey, walk.answers = walk.journey, untouched
        journey.taken, journey.last_form, journey._state.adding = 0, "", True
        _write_first(walk)
        raise
    if refusal is not None:
        raise refusal
    return walk


def _judge(
    walk: Walk, step: str, data: Mapping[str, object], form: str, came: Returned | None = None
) -> Refused | None:
    """Answer the step if it is the current one. Return the refusal, if there is one."""
    walk.journey.taken += 1
    walk.journey.last_form = form
    if not walk.definition.named(step):
        raise UnknownStep(walk)
    here = walk.current
    if here is None or here.name != step:
        raise NotOpen(walk)
    return _answer(walk, here, data, came)


def back(*, market: str, token: str, to: str, by: Actor) -> Walk:
    """Open an earlier step again. Later answers are kept unless they depend on it."""
    with recorded_together():
        walk = lock(market, token, by)
        walk.journey.taken += 1
        if not walk.definition.named(to):
            raise UnknownStep(walk)
        if to not in [step.name for step in walk.definition.reached(walk.answers)]:
            raise NotOpen(walk)
        _go_back(walk, to)
        here = walk.current
        if here is not None:
            _enter(walk, here)
        save(walk)
        record(JourneyEvent.JOURNEY_WENT_BACK, market=market, by=by, subject=walk.journey, step=to)
    return walk


def resend(*, market: str, token: str, by: Actor) -> Walk:
    """Send the current step's code again. Raises NotOpen if it has none, LimitReached if it is too early."""
    with recorded_together():
        walk = lock(market, token, by)
        walk.journey.taken += 1
        here = walk.current
        if here is None or here.resend is None:
            raise NotOpen(walk)
        refusal = _no_longer_true(walk, here)
        if refusal is None:
            _keep_facts(walk, here, here.resend(walk))
            save(walk)
    if refusal is not None:
        raise refusal
    return walk


def change_language(*, market: str, token: str, language: str, typed: Mapping[str, object], by: Actor) -> Walk:
    """Change the language of a journey. What was typed on the current step is kept without validation."""
    with recorded_together():
        walk = lock(market, token, by)
        walk.journey.taken += 1
        here = walk.current
        walk.journey.language = language
        if here is not None:
            _keep_typed(walk, here, here.form(typed, walk=walk))
        save(walk)
        record(JourneyEvent.JOURNEY_LANGUAGE_CHOSEN, market=market, by=by, subject=walk.journey, language=language)
    return walk


@transaction.atomic
def forget_old(*, by: Actor) -> None:
    """Delete the answers of expired journeys, and the journeys themselves after `retention.JOURNEYS`."""
    now = timezone.now()
    wiped = Journey.objects.filter(expires_at__lt=now, answers__isnull=False).update(answers=None)
    over = Visit.objects.filter(expires_at__lt=now, keeps__isnull=False).update(keeps=None)
    count, deleted = Journey.objects.filter(expires_at__lt=now - JOURNEYS.life).delete()
    if wiped or over or deleted:
        journeys = deleted.get("journeys.Journey", 0)
        others = count - journeys  # rows that belong to a journey, such as codes
        record(JourneyEvent.JOURNEY_FORGOTTEN, market="", by=by, wiped=wiped, deleted=journeys, with_them=others)


def _answer(walk: Walk, here: Step, data: Mapping[str, object], came: Returned | None) -> Refused | None:
    """Validate and store one answer, or return the refusal. Called in the transaction that locks the row."""
    _follow_language(walk)
    refusal = _no_longer_true(walk, here)
    if refusal is not None:
        return refusal
    form = here.form(data, walk=walk)
    unreadable = form.unreadable()
    if unreadable:
        return _refused(walk, here, Refused(*unreadable))
    try:
        if not form.is_valid():
            raise Refused(*form.field_errors())
        if isinstance(here, RedirectStep) and came is None:
            _leave(walk, here)
        else:
            _accept(walk, here, form, came.settle(walk) if came else {})
    except Refused as refused:
        form.add_refusal(refused.errors)
        refused.form = form
        if came is not None:
            _keep_facts(walk, here, {"failed": [str(error.message) for error in refused.errors]})
        _keep_typed(walk, here, form)
        return _refused(walk, here, refused)
    return None


def _keep_typed(walk: Walk, step: Step, form: StepForm) -> None:
    """Store what was typed on a step before it is accepted, so that a refresh or a lost network loses nothing."""
    before = walk.answers.get(step.name, Answer())
    texts = {name: value for name, value in before.typed.items() if value is not True}  # a box can be unticked
    walk.answers = {**walk.answers, step.name: replace(before, typed={**texts, **form.typed()}, met=False)}


def _refused(walk: Walk, here: Step, refused: Refused) -> Refused:
    """Store and record a refusal, and return it with the walk."""
    refused.walk = walk
    journey = walk.journey
    journey.refused += 1
    save(walk)
    if _is_recorded(journey.refused):
        codes = ",".join(sorted({error.code for error in refused.errors}))[:200]
        facts: dict[str, str | int] = {"step": here.name, "codes": codes, "count": journey.refused}
        record(JourneyEvent.JOURNEY_REFUSED, market=journey.market, by=walk.by, subject=journey, **facts)
    count_journey("refused", market=journey.market, kind=journey.kind)
    return refused


def _is_recorded(count: int) -> bool:
    """Whether to record this refusal as an event: the first ones, then each time the count doubles.

    Events cannot be deleted, so a stranger must not be able to write any number of them. Each event has the count.
    """
    return count <= RECORDED_EACH or count.bit_count() == 1


def _follow_language(walk: Walk) -> None:
    """Use the language of this request for messages."""
    language = get_language() or ""
    if language in walk.profile.languages:
        walk.journey.language = language


def _leave(walk: Walk, here: RedirectStep) -> None:
    """Start a visit to the other site. `redirects.returns.come_back` answers the step."""
    walk.departure = depart(walk, here)
    walk.journey.last_form = ""  # after going back in the browser, the same button must work
    _keep_facts(walk, here, {"failed": []})
    save(walk)


def _accept(walk: Walk, here: Step, form: StepForm, brought: Facts) -> None:
    clean = form.clean_json() | brought
    facts = here.check(walk, clean) if here.check else {}
    before = walk.answers
    walk.answers = answered(
        here, walk.answers, typed=form.typed(), clean=form.without_secrets(clean) | brought, facts=facts
    )
    following = walk.current
    if following is not None:
        _enter(walk, following)
    else:
        try:
            with transaction.atomic():  # a refusal undoes what `finish` wrote, but not what `check` counted
                _finish(walk)
        except Refused:
            walk.answers = before
            raise
    save(walk)
    kind = JourneyEvent.JOURNEY_ANSWERED if following else JourneyEvent.JOURNEY_FINISHED
    record(kind, market=walk.journey.market, by=walk.by, subject=walk.journey, step=here.name)


def _enter(walk: Walk, step: Step) -> None:
    """Call `enter` and store the facts that it returns."""
    _keep_facts(walk, step, step.enter(walk) if step.enter else None)


def _keep_facts(walk: Walk, step: Step, found: Facts | None) -> None:
    if found:
        before = walk.answers.get(step.name, Answer(met=False))
        walk.answers = {**walk.answers, step.name: replace(before, facts={**before.facts, **found})}


def _finish(walk: Walk) -> None:
    """Call `finish` and store what the last page shows. Views and API decide who may read it later."""
    walk.outcome = walk.definition.finish(walk)
    walk.journey.finished_at = timezone.now()
    walk.journey.result = {
        "result": walk.outcome.result,
        "title": str(walk.outcome.title),
        "text": str(walk.outcome.text),
        "texts": _in_each_language(walk.outcome, walk.profile.languages),
        "shows": walk.outcome.shows,
        "path": [step.name for step in walk.definition.path(walk.answers)],
    }
    count_journey("finished", market=walk.journey.market, kind=walk.journey.kind)


def _in_each_language(outcome: Outcome, languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """The title and text of the last page in each language, because the person may change it on that page."""
    texts = {}
    for language in languages:
        with override(language):
            texts[language] = {"title": str(outcome.title), "text": str(outcome.text)}
    return texts


def _no_longer_true(walk: Walk, here: Step) -> Refused | None:
    """If the facts of an earlier step are no longer true, open that step again and return the usual refusal."""
    path = walk.definition.path(walk.answers)
    for step in path[: path.index(here)]:
        if step.still_true is not None and not step.still_true(walk):
            _go_back(walk, step.name)
            refused = Refused(no_match(walk))
            refused.form = step.form(None, walk=walk)
            return _refused(walk, step, refused)
    return None


def _go_back(walk: Walk, to: str) -> None:
    """Open an earlier step. A visit to another site, begun with the answers as they were, is void."""
    walk.answers = gone_back(to, walk.answers)
    void_visits(walk)


def no_match(walk: Walk) -> FieldError:
    """Return the one error for every failed match, whatever the reason."""
    return FieldError("", "no_match", walk.definition.no_match)
