"""What happens when somebody starts, answers, goes back or asks again. The page and the API call this, and nothing
else writes a journey."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record, recorded_together
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys.counters import count_journey
from mypolis.foundation.journeys.definitions.answers import Answer, Facts, FieldError, gone_back
from mypolis.foundation.journeys.definitions.errors import NotOpen, Refused, UnknownJourney, UnknownStep
from mypolis.foundation.journeys.definitions.steps import Step, StepForm, Walk, answered
from mypolis.foundation.journeys.event_kinds import JourneyEvent
from mypolis.foundation.journeys.models import Journey, Visit
from mypolis.foundation.journeys.redirects.redirect_steps import RedirectStep, Returned, depart
from mypolis.foundation.journeys.retention import JOURNEYS
from mypolis.foundation.journeys.rows import begin, lock, read, save

TOLD_EACH = 5  # refusals of a journey that leave an event each


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
    """A new journey and its token; `typed` fills in its first page, unjudged.

    Raises UnknownWay, MembersOnly, Gone, LimitReached.
    """
    walk, token = begin(market=market, kind=kind, way=way, language=language, entry=entry, by=by)
    here = walk.current
    if typed and here is not None:
        walk.answers = {**walk.answers, here.name: Answer(typed=here.form(typed, walk=walk).typed(), met=False)}
    _write_first(walk)
    return walk, token


def _write_first(walk: Walk) -> None:
    """Write the row of a journey that has no answer yet."""
    with recorded_together():
        _told_start(walk)
        save(walk)


def _told_start(walk: Walk) -> None:
    journey = walk.journey
    facts = {"journey": journey.kind, "way": journey.way}
    record(JourneyEvent.JOURNEY_STARTED, market=journey.market, by=walk.by, subject=journey, **facts)
    count_journey("started", market=journey.market, kind=journey.kind)


def look(*, market: str, token: str, by: Actor) -> Walk:
    """A journey as it stands; consumes nothing. Raises UnknownJourney."""
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

    What a refusal counted (tries, failed matches) is kept; what a throttled or failed answer began is not. A journey
    of another way than `way`, where one is named, is unknown. `form` names the drawn form that is answered: the same
    one is answered once. `came` is what a visit to another site brought.
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
    """Answer a journey that `begin` has just made, and write its row. Only its caller knows it: it needs no lock.

    Raises as `answer` does. A throttled answer is undone; that the journey began is not.
    """
    untouched = walk.answers
    try:
        with recorded_together():
            _told_start(walk)
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
    """Answer the step if it is the current one; why not, where the answer is refused."""
    walk.journey.taken += 1
    walk.journey.last_form = form
    if not walk.definition.named(step):
        raise UnknownStep(walk)
    here = walk.current
    if here is None or here.name != step:
        raise NotOpen(walk)
    return _answer(walk, here, data, came)


def back(*, market: str, token: str, to: str, by: Actor) -> Walk:
    """Open an earlier step again; later answers stay as far as they do not rest on it."""
    with recorded_together():
        walk = lock(market, token, by)
        walk.journey.taken += 1
        if not walk.definition.named(to):
            raise UnknownStep(walk)
        if to not in [step.name for step in walk.definition.reached(walk.answers)]:
            raise NotOpen(walk)
        walk.answers = gone_back(to, walk.answers)
        here = walk.current
        if here is not None:
            _enter(walk, here)
        save(walk)
        record(JourneyEvent.JOURNEY_WENT_BACK, market=market, by=by, subject=walk.journey, step=to)
    return walk


def resend(*, market: str, token: str, by: Actor) -> Walk:
    """Send the current step's code again. Raises NotOpen where there is none, LimitReached when too early."""
    with recorded_together():
        walk = lock(market, token, by)
        walk.journey.taken += 1
        here = walk.current
        if here is None or here.resend is None:
            raise NotOpen(walk)
        refusal = _no_longer_stands(walk, here)
        if refusal is None:
            _keep_facts(walk, here, here.resend(walk))
            save(walk)
    if refusal is not None:
        raise refusal
    return walk


def speak(*, market: str, token: str, language: str, typed: Mapping[str, object], by: Actor) -> Walk:
    """Change the language of a journey; what was typed so far on the current step is kept, unjudged."""
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
    """Wipe what people answered once their journey is over; delete it when its state is told no longer."""
    now = timezone.now()
    wiped = Journey.objects.filter(expires_at__lt=now, answers__isnull=False).update(answers=None)
    over = Visit.objects.filter(expires_at__lt=now, keeps__isnull=False).update(keeps=None)
    count, deleted = Journey.objects.filter(expires_at__lt=now - JOURNEYS.life).delete()
    if wiped or over or deleted:
        journeys = deleted.get("journeys.Journey", 0)
        others = count - journeys  # rows that belong to a journey, such as codes
        record(JourneyEvent.JOURNEY_FORGOTTEN, market="", by=by, wiped=wiped, deleted=journeys, with_them=others)


def _answer(walk: Walk, here: Step, data: Mapping[str, object], came: Returned | None) -> Refused | None:
    """Judge one answer and keep it, or say why not. Runs inside the transaction that holds the row's lock."""
    _follow_language(walk)
    refusal = _no_longer_stands(walk, here)
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
    """Keep what was typed on a step, unjudged or refused: a refresh or a lost network loses nothing."""
    before = walk.answers.get(step.name, Answer())
    texts = {name: value for name, value in before.typed.items() if value is not True}  # a tick may be taken back
    walk.answers = {**walk.answers, step.name: replace(before, typed={**texts, **form.typed()}, met=False)}


def _refused(walk: Walk, here: Step, refused: Refused) -> Refused:
    """The refusal with the walk that it met, written down."""
    refused.walk = walk
    journey = walk.journey
    journey.refused += 1
    save(walk)
    if _is_told(journey.refused):
        codes = ",".join(sorted({error.code for error in refused.errors}))[:200]
        facts: dict[str, str | int] = {"step": here.name, "codes": codes, "count": journey.refused}
        record(JourneyEvent.JOURNEY_REFUSED, market=journey.market, by=walk.by, subject=journey, **facts)
    count_journey("refused", market=journey.market, kind=journey.kind)
    return refused


def _is_told(count: int) -> bool:
    """Whether the so-manieth refusal of a journey leaves an event: the first ones, then each time the count doubles.

    Events cannot be deleted, so a stranger must not write as many as they like; `count` tells of those in between.
    """
    return count <= TOLD_EACH or count.bit_count() == 1


def _follow_language(walk: Walk) -> None:
    """Messages are in the language in which the person answers."""
    language = get_language() or ""
    if language in walk.profile.languages:
        walk.journey.language = language


def _leave(walk: Walk, here: RedirectStep) -> None:
    """To the other site, from where the answer comes: by `returns.come_back`."""
    walk.departure = depart(walk, here)
    walk.journey.last_form = ""  # who goes back in the browser may press the same button again
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
            with transaction.atomic():  # what a refused finish began is undone; what the check counted is not
                _finish(walk)
        except Refused:
            walk.answers = before
            raise
    save(walk)
    kind = JourneyEvent.JOURNEY_ANSWERED if following else JourneyEvent.JOURNEY_FINISHED
    record(kind, market=walk.journey.market, by=walk.by, subject=walk.journey, step=here.name)


def _enter(walk: Walk, step: Step) -> None:
    """Do what showing the step needs, and keep the facts that come of it."""
    _keep_facts(walk, step, step.enter(walk) if step.enter else None)


def _keep_facts(walk: Walk, step: Step, found: Facts | None) -> None:
    if found:
        before = walk.answers.get(step.name, Answer(met=False))
        walk.answers = {**walk.answers, step.name: replace(before, facts={**before.facts, **found})}


def _finish(walk: Walk) -> None:
    """Act, and keep what the last page says. Who may read that later, the doors decide."""
    walk.outcome = walk.definition.finish(walk)
    walk.journey.finished_at = timezone.now()
    walk.journey.result = {
        "result": walk.outcome.result,
        "title": str(walk.outcome.title),
        "text": str(walk.outcome.text),
        "shows": walk.outcome.shows,
        "path": [step.name for step in walk.definition.path(walk.answers)],
    }
    count_journey("finished", market=walk.journey.market, kind=walk.journey.kind)


def _no_longer_stands(walk: Walk, here: Step) -> Refused | None:
    """The ordinary no-match answer, back at the step whose findings are no longer so."""
    path = walk.definition.path(walk.answers)
    for step in path[: path.index(here)]:
        if step.stands is not None and not step.stands(walk):
            walk.answers = gone_back(step.name, walk.answers)
            refused = Refused(no_match(walk))
            refused.form = step.form(None, walk=walk)
            return _refused(walk, step, refused)
    return None


def no_match(walk: Walk) -> FieldError:
    """The one answer to every match that fails, whatever the reason."""
    return FieldError("", "no_match", walk.definition.no_match)
