"""A member's cards and letters, and the verification of either by anybody who holds a code, as JSON."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import force_str
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from mypolis.foundation.files.serving import PDF, file_answer, protect, serve
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.foundation.markets.emergency import EmergencyLine
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import actor_of, market_or_404
from mypolis.insurance.ecard import flows
from mypolis.insurance.ecard.cards import Held, UnknownCard, card_of, cards_of
from mypolis.insurance.ecard.counter.check_history import looks_at
from mypolis.insurance.ecard.counter.checking import UnknownCode, check_card, place_of
from mypolis.insurance.ecard.face.emergency_lines import emergency_of
from mypolis.insurance.ecard.face.print_values import card_pdf
from mypolis.insurance.ecard.letters.letters import check_letter, issue_letter, letters_of, paper_of
from mypolis.insurance.ecard.models import Letter
from mypolis.insurance.ecard.schemas import (
    Activate,
    AskLetter,
    CardDoc,
    CardsDoc,
    CheckDoc,
    CodeDoc,
    LetterCheckDoc,
    LetterDoc,
    LettersDoc,
    LooksDoc,
)
from mypolis.membership.accounts.api import MemberToken
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.middleware import account_of
from mypolis.membership.consents.documents import document
from mypolis.membership.family.access import NotSeen, covers_by_membership, covers_seen
from mypolis.membership.family.relations.rules import What
from mypolis.membership.people.models import Membership

router = Router(tags=["cards"])
MEMBER = MemberToken()
REFUSALS = dict.fromkeys((401, 404, 409, 422, 429), ProblemDoc)
CHECK_REFUSALS = dict.fromkeys((404, 410, 429), ProblemDoc)

Whose = Annotated[
    str, Query(max_length=20, description="Whose data: a relative's or giver's id; by default the member's own.")
]
type Answered = dict[str, Any] | Status[dict[str, Any]] | HttpResponse


def refusals_as_problems(view: Callable[..., Answered]) -> Callable[..., Answered]:
    """Decorator that returns every error of this room's flows as a problem document."""

    @wraps(view)
    def guarded(request: HttpRequest, market: str, *args: Any, **kwargs: Any) -> Answered:
        market_or_404(market)
        try:
            return view(request, market, *args, **kwargs)
        except (UnknownCard, NotSeen):
            return problem(404, "unknown-card", _("There is no such card."))
        except UnknownCode:
            return problem(404, "unknown-code", _("This code is not one of ours."))
        except flows.NotInForce:
            return problem(409, "not-in-force", _("This cover is not in force today, so there is no card to show."))
        except flows.NotActivated:
            return problem(409, "not-activated", _("Please activate the card first."))
        except flows.TermsNotAccepted:
            text = _("Please accept the terms to activate the card.")
            return problem(422, "refused", text, errors=[("accept_card", "required", text)])
        except LimitReached as limit:
            return problem(429, limit.limit.name, limit.message, until=limit.until)

    return guarded


@router.get("/{market}/cards", auth=MEMBER, response={200: CardsDoc, **REFUSALS}, url_name="cards")
@refusals_as_problems
def cards(request: HttpRequest, market: str, whose: Whose = "") -> Answered:
    """A card for every cover of the member."""
    return {"cards": card_documents(cards_of(*_asked(request, whose)))}


@router.get("/{market}/cards/{card}", auth=MEMBER, response={200: CardDoc, **REFUSALS}, url_name="card")
@refusals_as_problems
def card(request: HttpRequest, market: str, card: str) -> Answered:
    """One card."""
    return card_document(_card(request, card))


@router.post(
    "/{market}/cards/{card}/activate", auth=MEMBER, response={200: CardDoc, **REFUSALS}, url_name="card-activate"
)
@refusals_as_problems
def activate(request: HttpRequest, market: str, card: str, body: Activate) -> Answered:
    """Accept the terms and activate the card; repeating it changes nothing."""
    account, seen = _owner_covers(request, card, "card_changes")
    held = flows.activate(
        account=account,
        seen=seen,
        card_id=card,
        accepted=body.accept_card,
        language=get_language() or "",
        by=actor_of(request),
    )
    return card_document(held)


@router.post(
    "/{market}/cards/{card}/reissue", auth=MEMBER, response={200: CardDoc, **REFUSALS}, url_name="card-reissue"
)
@refusals_as_problems
def reissue(request: HttpRequest, market: str, card: str) -> Answered:
    """Replace a lost card: it gets a new number, and all codes of the old card stop working at once."""
    account, seen = _owner_covers(request, card, "card_changes")
    return card_document(flows.reissue(account=account, seen=seen, card_id=card, by=actor_of(request)))


@router.get("/{market}/cards/{card}/qr", auth=MEMBER, response={200: CodeDoc, **REFUSALS}, url_name="card-qr")
@refusals_as_problems
def qr(request: HttpRequest, market: str, card: str, use: Literal["now", "offline"] = "now") -> Answered:
    """A new code: for immediate use, or to keep for a place without a network."""
    shown = flows.show(_card(request, card), use=use)
    return {
        "token": shown.code,
        "url": shown.url,
        "use": shown.use,
        "made_at": shown.made_at,
        "expires_at": shown.expires_at,
    }


@router.get("/{market}/cards/{card}/looks", auth=MEMBER, response={200: LooksDoc, **REFUSALS}, url_name="card-looks")
@refusals_as_problems
def looks(request: HttpRequest, market: str, card: str) -> Answered:
    """When, with what and from where somebody checked this card or a letter about its cover."""
    found = looks_at(_card(request, card, "card_changes"), near=place_of(actor_of(request)))
    return {"looks": [vars(look) for look in found.seen], "copied_at": found.copied_at}


@router.get(
    "/{market}/cards/{card}/pdf", auth=MEMBER, response=REFUSALS, openapi_extra=file_answer(PDF), url_name="card-pdf"
)
@refusals_as_problems
def pdf(request: HttpRequest, market: str, card: str) -> Answered:
    """Both sides of the card as a PDF to print."""
    response = HttpResponse(card_pdf(_card(request, card)), content_type=PDF)
    protect(response, name=f"{_('Insurance card')}.pdf", inline=False)
    return response


@router.get("/{market}/letters", auth=MEMBER, response={200: LettersDoc, **REFUSALS}, url_name="letters")
@refusals_as_problems
def letters(request: HttpRequest, market: str) -> Answered:
    """The letters issued to the member."""
    return {"letters": [letter_document(letter) for letter in letters_of(_account(request))]}


@router.post("/{market}/letters", auth=MEMBER, response={201: LetterDoc, **REFUSALS}, url_name="letter-new")
@refusals_as_problems
def ask_letter(request: HttpRequest, market: str, body: AskLetter) -> Answered:
    """Issue a letter that confirms a cover."""
    languages, language = market_or_404(market).languages, body.language or get_language() or ""
    if language not in languages:
        text = _("Please choose one of these languages: %(languages)s.") % {"languages": ", ".join(languages)}
        return problem(422, "refused", text, errors=[("language", "invalid", text)])
    letter = issue_letter(account=_account(request), card_id=body.card, language=language, by=actor_of(request))
    return Status(201, letter_document(letter))


@router.get(
    "/{market}/letters/{letter}/pdf",
    auth=MEMBER,
    response=REFUSALS,
    openapi_extra=file_answer(PDF),
    url_name="letter-pdf",
)
@refusals_as_problems
def letter_paper(request: HttpRequest, market: str, letter: str) -> Any:
    """The letter's PDF as it was issued."""
    found = paper_of(_account(request), letter)
    if found is None:
        return problem(404, "unknown-letter", _("There is no such letter."))
    owner, file = found
    return serve(request, file, owner=owner)


@router.get("/{market}/card-check/{token}", response={200: CheckDoc, **CHECK_REFUSALS}, url_name="card-check")
@refusals_as_problems
def check(request: HttpRequest, market: str, token: str) -> Answered:
    """Whether the cover behind a card's code is in force now; 410 for an expired code and for a lost card."""
    is_look = request.method != "HEAD"
    found = check_card(text=token, market=market, by=actor_of(request), is_look=is_look)
    if found.outcome == "expired":
        return problem(410, "card-code-expired", _("This code is too old. Please ask for a fresh one."))
    if found.outcome == "replaced":
        return problem(410, "card-replaced", _("This card has been replaced by a new one and is no longer valid."))
    return {**vars(found), "plan": found.plan or None, "insurer": brand_of(market).name}


@router.get("/{market}/letter-check/{code}", response={200: LetterCheckDoc, **CHECK_REFUSALS}, url_name="letter-check")
@refusals_as_problems
def letter_check(request: HttpRequest, market: str, code: str) -> Answered:
    """Whether a letter is genuine, what it states, and whether the cover is in force now."""
    found = check_letter(text=code, market=market, by=actor_of(request), is_look=request.method != "HEAD")
    return {**vars(found), "insurer": brand_of(market).name}


def card_documents(cards: Sequence[Held]) -> list[dict[str, Any]]:
    """Cards of one market as JSON; the number of queries does not depend on the number of cards."""
    brand = brand_of(cards[0].profile.code) if cards else None
    lines = emergency_of(brand, [held.membership for held in cards]) if brand else {}
    return [_card_document(held, lines[held.membership.pk]) for held in cards]


def card_document(held: Held) -> dict[str, Any]:
    """A card as JSON."""
    return card_documents([held])[0]


def _card_document(held: Held, lines: Sequence[EmergencyLine]) -> dict[str, Any]:
    membership, brand, is_active = held.membership, brand_of(held.profile.code), held.state == "active"
    card, policy, terms = held.card, membership.policy, held.profile.card_document
    return {
        "id": held.id,
        "state": held.state,
        "number": card.number if card and is_active else None,
        "issued_at": card.issued_at if card and is_active else None,
        "insurer": brand.name,
        "name": held.name,
        "name_latin": held.name_latin or None,
        "policy_number": policy.number,
        "policy_type": policy.type,
        "type_label": force_str(held.type_label),
        "participant_number": membership.participant_number,
        "plan": membership.plan,
        "employer": policy.employer.name if policy.employer else "",
        "valid_from": held.valid_from,
        "valid_until": held.valid_until,
        "emergency": [{"label": str(line.label), "phone": line.phone} for line in lines],
        "support_phone": brand.support.phone,
        "terms": _terms(held.profile.code, terms) if terms and held.state == "to_activate" else None,
    }


def letter_document(letter: Letter) -> dict[str, Any]:
    """A letter as JSON."""
    return {
        "id": str(letter.pk),
        "number": letter.number,
        "card": str(letter.membership_id),
        "language": letter.language,
        "issued_at": letter.issued_at,
    }


def _terms(market: str, key: str) -> dict[str, str]:
    text = document(market, key, get_language() or "")
    return {"key": key, "title": text.title, "version": text.version, "language": text.language}


def _card(request: HttpRequest, card: str, what: What = "card") -> Held:
    account, seen = _owner_covers(request, card, what)
    return card_of(account, card, seen)


def _owner_covers(request: HttpRequest, card: str, what: What) -> tuple[Account, QuerySet[Membership]]:
    """The account that sent the request, and the memberships of the card's owner. Raises NotSeen."""
    account = _account(request)
    return account, covers_by_membership(account, card, what=what, by=actor_of(request))


def _asked(request: HttpRequest, whose: str) -> tuple[Account, QuerySet[Membership]]:
    """The account that sent the request, and the memberships that it asks about. Raises NotSeen."""
    account = _account(request)
    return account, covers_seen(account, whose, what="card", by=actor_of(request))


def _account(request: HttpRequest) -> Account:
    account = account_of(request)
    if account is None:  # the bearer check ensures this; the line is for the type checker
        raise RuntimeError("no account in an operation for members")
    return account
