"""Makes a recording with the code of this checkout: `.venv/bin/pytest -n0 tests/kept/make_recording.py`.

The file's name does not begin with `test_`, so it runs only when named. README.md here says when to run it.
"""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.apps import apps
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pyotp import TOTP

from mypolis.demo import seed as demo_seed
from mypolis.demo.inbox import Sms, keep_sms
from mypolis.demo.samples import claims as demo_claims
from mypolis.demo.samples import cover as demo_cover
from mypolis.foundation.events import Actor
from mypolis.foundation.events.jobs import seal_events
from mypolis.foundation.keys.rotation import rotate
from mypolis.foundation.lib.crypto.encrypted import EncryptedField
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.insurance.coverage.documents.policy_documents import Place, add_document
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.passwords.temporary_passwords import send_temporary_password
from mypolis.membership.family.jobs import notify_families
from tests.cast import ANNA, BUDI, JELENA, PASSWORD, on_file
from tests.doors import ApiDoor
from tests.ecard.holders import Holder
from tests.events.claim_walks import make_claims
from tests.events.test_every_write import Carrier, lose_messages, make_mistakes, operate, walk_every_way
from tests.events.walks import (
    ADDRESS,
    CLIENT,
    HOOKS_TOKEN,
    KIRA,
    OPERATOR,
    bounce,
    care_for_family,
    carry_card,
    change_bank_accounts,
    fail_and_recover,
    get_papers_and_bills,
    give_files,
    guard_the_account,
    leave_for_another_site,
    let_a_program_in,
    lift_a_limit,
    seal_while_others_write,
    sms_sender,
    upload_files,
    use_cover,
)
from tests.files.conftest import folder
from tests.kept.recording import FOLDER
from tests.kept.writing import write
from tests.notices.conftest import mail_server, partners, sms_gateway
from tests.notices.fake_gateway import FakeMailServer, FakeSmsGateway
from tests.notices.fake_twilio import FakeTwilio
from tests.registration.steps import card_form, open_form, register

__all__ = ["folder", "mail_server", "partners", "sms_gateway"]
pytestmark = pytest.mark.django_db(transaction=True)

OLGA = ANNA.but(given_name="Ольга", mobile="+79165550107", email="olga@example.test")
RINA = BUDI.but(given_name="Rina", participant_number="000951", email="rina@example.test")
DEWI = BUDI.but(given_name="Dewi", participant_number="000952", email="dewi@example.test")
ZOYA = ANNA.but(given_name="Зоя", mobile="+79165550108", email="zoya@example.test")
IVANA = JELENA.but(given_name="Ivana", national_id="2206978816007", email="ivana@example.test", policy_number="RS-2951")
CYRILLIC = Actor("staff", "3", "198.51.100.4", "конзола")  # the seals of events cover the user agent, whatever it is
SEVERAL_PIECES = 66_000  # bytes; a file is encrypted in pieces of 65,536
ROUND = 1_700_000_000  # the time for which each periodic task was queued


def test_record(
    partners: None, mail_server: FakeMailServer, sms_gateway: FakeSmsGateway, settings: Any, folder: Path,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Fill every table with the product's own flows, and write the recording."""
    tokens = {"receipts_token": HOOKS_TOKEN, "bounces_token": HOOKS_TOKEN}
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update=tokens)
    client, post = Client(headers={"user-agent": CLIENT}, REMOTE_ADDR=ADDRESS), Carrier()
    do_everything_once(settings, client, post, tmp_path, mail_server, sms_gateway, monkeypatch)
    seal_events.func(0)
    rotate(by=OPERATOR, wait=0.1, patience=1)
    put_demo_people_on_file(monkeypatch)
    leave_papers(tmp_path)
    seal_events.func(0)
    leave_under_way(client, post)
    leave_a_gateway_down(settings, sms_gateway)
    fill_the_queue()

    commit = _git("log", "-1", "--format=%h", "--", "src")
    assert not _git("status", "--porcelain", "src"), "a recording is made by the code of a commit"
    about = {
        "commit": commit,
        "recorded_at": timezone.now().isoformat(),
        "tasks": sorted({task.name for task in app.tasks.values()}),
        "sealed": {f"{field.model._meta.db_table}.{field.column}": field.context for field in _sealed()},
    }
    archive = FOLDER / f"{commit}.tar.xz"
    write(archive, files=folder, keys_file=settings.MYPOLIS.keys_file, about=about)
    assert archive.stat().st_size < 400_000


def do_everything_once(
    settings: Any, client: Client, post: Carrier, tmp_path: Path, mail: FakeMailServer, sms: FakeSmsGateway,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Do the walks of `tests/events/test_every_write.py`, except those that let time pass."""
    steps: list[Callable[[], object]] = [
        lambda: walk_every_way(client, post),
        lambda: make_mistakes(client, post),
        lambda: leave_for_another_site(client),
        lambda: operate(tmp_path, post),
        lambda: lose_messages(mail, post),
        lambda: use_cover(tmp_path),
        lambda: carry_card(client, post),
        lambda: get_papers_and_bills(tmp_path),
        give_files,
        lambda: upload_files(monkeypatch),
        lambda: guard_the_account(client),
        change_bank_accounts,
        lambda: fail_and_recover(settings, sms, sms_sender("ru", KIRA.mobile)),
        lambda: bounce(Account.objects.get(market="rs")),
        lambda: lift_a_limit(Account.objects.get(market="rs")),
        care_for_family,
        make_claims,
        lambda: let_a_program_in(client),
        seal_while_others_write,
    ]
    for step in steps:
        step()
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        notify_families.func(0)


def put_demo_people_on_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the demo's people, plans, usage and the Russian claims. Put an SMS into its inbox.

    Its documents and pictures are large, so there are none, and small ones.
    """
    monkeypatch.setattr(demo_cover, "seed_policy_papers", lambda _profile: None)
    monkeypatch.setattr(demo_claims, "_picture", str.encode)
    seed_claims = demo_claims.seed_claims
    monkeypatch.setattr(
        demo_seed, "seed_claims", lambda profile: seed_claims(profile) if profile.code == "ru" else None
    )
    demo_seed.seed()
    keep_sms(Sms(id="sms-1", sender=brand_of("ru").sender_sms, to=KIRA.mobile, text="123456 is a code"))


def leave_papers(tmp_path: Path) -> None:
    """Make a card, a letter, and a policy document that is encrypted in more than one piece."""
    holder = Holder(IVANA)
    holder.activate()
    holder.code()
    assert holder.post("letters", {"card": holder.card}).status_code == 201
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7\n".ljust(SEVERAL_PIECES, b"."))
    place = Place(policy_number=IVANA.policy_number, policy_type=IVANA.policy_type)
    add_document(market="rs", place=place, kind="rules", path=paper, name="Pravila.pdf", by=CYRILLIC)


def leave_under_way(client: Client, post: Carrier) -> None:
    """Leave open journeys, unused codes and a password, an authenticator app, and unsent messages."""
    for somebody in (OLGA, RINA, DEWI, ZOYA):
        on_file(somebody)
    olga = ApiDoor(Client())
    register(olga, post, OLGA)
    _link_an_app(olga, post)
    register(ApiDoor(Client()), post, RINA)
    for account in Account.objects.order_by("-pk")[:2]:
        send_temporary_password(account=account, market=account.market, language=account.language, by=OPERATOR)
    door = ApiDoor(client)
    door.start("ru", "register", "open")
    assert door.answer("identity", **open_form(ZOYA)).step == "code"
    door.start("id", "register", "group")
    door.answer("identity", **card_form(DEWI))
    assert door.answer("licence", accept_licence=True).step == "code"
    door.start("rs", "signin")
    door.answer("credentials", email=IVANA.email, password=PASSWORD)


def _link_an_app(door: ApiDoor, post: Carrier) -> None:
    door.start(door.market, "link-authenticator")
    door.answer("identity", password=PASSWORD)
    door.answer("code", code=post.code(OLGA.mobile))
    secret = door.document["step"]["shows"]["key"].replace(" ", "")
    door.answer("authenticator", code=TOTP(secret).now())
    assert door.document["state"] == "done"


def leave_a_gateway_down(settings: Any, sms: FakeSmsGateway) -> None:
    """Let the first gateway fail, so that it is not used for now."""
    with FakeTwilio().serving() as second:
        settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_url": f"{sms.url}, {second.url()}"})
        sms.moods.append("later")
        sms_sender("ru", KIRA.mobile)()


def fill_the_queue() -> None:
    """Add a job for every task, periodic or not, and a worker."""
    manager = app.job_manager
    for periodic in app.periodic_registry.periodic_tasks.values():
        job = periodic.task.configure(task_kwargs={"timestamp": ROUND}).job
        async_to_sync(manager.defer_periodic_job)(job=job, periodic_id=periodic.periodic_id, defer_timestamp=ROUND)
    queued = set(ProcrastinateJob.objects.values_list("task_name", flat=True))
    for task in {id(task): task for task in app.tasks.values() if task.name not in queued}.values():
        task.defer()
    async_to_sync(manager.register_worker)()


def _sealed() -> list[EncryptedField]:
    fields = [field for model in apps.get_models() for field in model._meta.local_fields]
    return [field for field in fields if isinstance(field, EncryptedField)]


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=FOLDER.parents[1], check=True, capture_output=True, text=True)
    return done.stdout.strip()
