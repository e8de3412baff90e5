"""Compares the database and the partners' messages at the end with what the portal confirmed to people."""

from collections import Counter
from collections.abc import Iterator

from tests.faults.clients import Client
from tests.faults.people import CONSENTS
from tests.faults.world import World

SETTLE_SECONDS = 240
_MOVING = "SELECT count(*) FROM notices_message WHERE state IN ('queued', 'sending')"
_STUCK = """
    SELECT task_name, status, attempts, queueing_lock, scheduled_at - now(),
      (SELECT m.attempts FROM notices_message m WHERE m.id::text = queueing_lock) FROM procrastinate_jobs
    WHERE status <> 'todo' OR (task_name = 'notices.deliver' AND status = 'todo')
"""
_NEXT_TRY = """
    UPDATE procrastinate_jobs SET scheduled_at = now()
    WHERE task_name = 'notices.deliver' AND status = 'todo' AND scheduled_at > now() RETURNING id
"""


def unsettled(world: World) -> list[str]:
    """Return unfinished messages and jobs; empty when all is done.

    It also ends the waits between attempts: after four failures a message would wait for five minutes.
    """
    world.rows(_NEXT_TRY)
    moving = world.rows(_MOVING)[0][0]
    jobs = [str(job) for job in world.rows(_STUCK) if job[1] != "failed"]
    return [*([f"{moving} messages still on their way"] if moving else []), *jobs]


def differences(world: World, clients: list[Client]) -> list[str]:
    """Return everything that was lost, done twice or not finished; empty if all is as confirmed."""
    return [*_accounts(world, clients), *_journeys(world), *_messages(world), *_codes(world), *_events(world)]


def _accounts(world: World, clients: list[Client]) -> Iterator[str]:
    rows = world.rows(
        "SELECT c.value, count(DISTINCT a.id), min((SELECT count(*) FROM consents_consent s WHERE s.account_id = a.id"
        " AND s.given))"
        " FROM accounts_account a JOIN accounts_contactpoint c ON c.account_id = a.id AND c.kind = 'email' GROUP BY 1"
    )
    found = {email: (accounts, consents) for email, accounts, consents in rows}
    for client in clients:
        accounts, consents = found.pop(client.one.email, (0, 0))
        told = "done" in client.acknowledged
        if accounts != int(told):
            yield f"{client.one.email}: {accounts} accounts, told {client.acknowledged}"
        if accounts and consents != CONSENTS[client.one.way]:
            yield f"{client.one.email}: {consents} consents"
    yield from (f"{email}: an account of nobody" for email in found)


def _journeys(world: World) -> Iterator[str]:
    """A finished journey has one event for its start and one for its end."""
    events = "(SELECT count(*) FROM events_event e WHERE e.subject = 'journeys.journey:' || j.id AND e.kind = '{}')"
    counts = ", ".join(events.format(f"journey.{kind}") for kind in ("started", "finished"))
    rows = world.rows(f"SELECT j.id, j.finished_at IS NOT NULL, {counts} FROM journeys_journey j")
    if not rows:
        yield "no journeys"
    for journey, finished, starts, ends in rows:
        if (starts, ends) != (1, int(finished)):
            yield f"journey {journey}: {starts} starts, {ends} ends, finished: {finished}"


def _messages(world: World) -> Iterator[str]:
    """An e-mail is accepted at most once; an SMS once, however often it was posted; and the state says which."""
    mails, texts = world.partners.taken()
    came = Counter(mails)
    for message, channel, state, decoy in world.rows(
        "SELECT id::text, channel, state, state = 'taken' AND provider_id = '' FROM notices_message"
    ):
        times = came.pop(message, 0) if channel == "email" else texts.count(message)
        if times > 1:
            yield f"{channel} {message} came {times} times"
        if state == "taken" and times != 1 and not decoy:
            yield f"{channel} {message} is said to be taken and came {times} times"
        if times and state not in ("taken", "in_doubt"):
            yield f"{channel} {message} came and is {state}"
    yield from (f"e-mail {message} is on no record" for message in came)
    yield from world.partners.sms.refused


def _codes(world: World) -> Iterator[str]:
    """A code belongs to a message, and the message of an entered code was accepted."""
    for code, state in world.rows(
        "SELECT c.id, m.state FROM accounts_onetimecode c JOIN notices_message m ON m.id = c.message_id"
        " WHERE c.used_at IS NOT NULL AND m.state NOT IN ('taken', 'in_doubt')"
    ):
        yield f"code {code} was used and its message is {state}"


def _events(world: World) -> Iterator[str]:
    """Every account, message and used code has each of its events once."""
    for name, query in _ONE_EVENT_EACH.items():
        for subject, count in world.rows(query):
            yield f"{name} {subject}: {count} events"


_ONE_EVENT_EACH = {
    "account": "SELECT a.id, count(e.id) FROM accounts_account a LEFT JOIN events_event e"
    " ON e.subject = 'accounts.account:' || a.id AND e.kind = 'account.created' GROUP BY 1 HAVING count(e.id) <> 1",
    "message queued": "SELECT m.id, count(e.id) FROM notices_message m LEFT JOIN events_event e"
    " ON e.subject = 'notices.message:' || m.id AND e.kind = 'message.queued' GROUP BY 1 HAVING count(e.id) <> 1",
    "message ended": "SELECT m.id, m.state || count(e.id) FROM notices_message m LEFT JOIN events_event e"
    " ON e.subject = 'notices.message:' || m.id AND e.kind = 'message.' || m.state"
    " WHERE m.state NOT IN ('queued', 'sending') GROUP BY 1, m.state HAVING count(e.id) <> 1",
    "codes entered": "SELECT 'all', count(*) FROM events_event WHERE kind = 'code.entered'"
    " HAVING count(*) <> (SELECT count(*) FROM accounts_onetimecode WHERE used_at IS NOT NULL)",
}
